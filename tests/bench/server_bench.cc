// kindred-server beside the least that gRPC can do: a bare server that answers with as many fixed bytes.
//   ninja server_bench && bin/server_bench [--queries 200000] [--seconds 4] [--rounds 3] [--index DIR]
// Without --index it makes an index of synthetic rows. After a warm-up, the rounds alternate between the servers, so
// that all meet the same moments of the machine; each figure is set against that of the bare server in the same round,
// and the table shows the median round. A missed target is shown, and fails nothing.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/related_search_client.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "kindred/v1/related_search.pb.h"
#include "tests/bench/bare_server.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/server_process.h"
#include "tests/bench/synthetic_index.h"
#include "tests/testing/temp_dir.h"

ABSL_FLAG(std::string, index, "", "Index to serve. Empty: one of synthetic rows.");
ABSL_FLAG(uint64_t, queries, 200'000, "Queries of the synthetic index.");
ABSL_FLAG(int, seconds, 4, "Length of each measurement.");
ABSL_FLAG(int, rounds, 3, "Measurements of each server.");
ABSL_FLAG(int, connections, 4, "Connections at saturation.");
ABSL_FLAG(int, in_flight, 64, "Calls in flight at saturation.");
ABSL_FLAG(int, batches_in_flight, 8, "Batches in flight at saturation; many more would be refused.");
ABSL_FLAG(double, unknown, .1, "Share of calls with queries that the index does not hold.");
ABSL_FLAG(int, bare_bytes, 0, "Used by the benchmark itself: be the bare server.");

namespace kindred::bench {
namespace {

constexpr char kGet[] = "/kindred.v1.RelatedSearchService/GetRelatedKeywords";
constexpr char kBatchGet[] = "/kindred.v1.RelatedSearchService/BatchGetRelatedKeywords";

// One server under one kind of load.
struct Figure {
  Measured load;
  double cpu_us = 0;  // Of the server, a call.
};

Figure Saturate(const ServerProcess& server, const char* method, int in_flight,
                const std::vector<std::string>& requests) {
  const double before = server.CpuSeconds();
  Figure figure;
  figure.load = Run(Load{server.address(), method, absl::GetFlag(FLAGS_connections), in_flight,
                         absl::Seconds(absl::GetFlag(FLAGS_seconds))},
                    requests);
  figure.cpu_us = (server.CpuSeconds() - before) * 1e6 / static_cast<double>(std::max<int64_t>(1, figure.load.calls));
  return figure;
}

// Latencies with one call in flight. The servers take turns of half a second, because what is sought is a tenth of what
// the machine's other work adds from one moment to the next; each figure is the median of the turns.
class OneInFlight {
 public:
  void Measure(const ServerProcess& server, const std::vector<std::string>& requests) {
    const Measured turn = Run(Load{server.address(), kGet, 1, 1, kTurn}, requests);
    p50_us_.push_back(turn.p50_us);
    p99_us_.push_back(turn.p99_us);
    failed_ += turn.failed;
  }
  double p50_us() const { return Median(p50_us_); }
  double p99_us() const { return Median(p99_us_); }
  int64_t failed() const { return failed_; }

  static constexpr absl::Duration kTurn = absl::Milliseconds(500);
  static constexpr size_t kRequests = 5'000;  // More than a turn takes; the first of all, so that answers are cached.

 private:
  static double Median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
  }

  std::vector<double> p50_us_, p99_us_;
  int64_t failed_ = 0;
};

struct Round {
  Figure bare, kindred, recent, batch, cold;
  OneInFlight bare_one, kindred_one;
  int64_t failed() const {
    return bare.load.failed + kindred.load.failed + recent.load.failed + batch.load.failed + cold.load.failed +
           bare_one.failed() + kindred_one.failed();
  }
};

struct Servers {
  const ServerProcess &bare, &kindred, &cold;
};

Round MeasureRound(const Servers& servers, const Requests& requests) {
  const int singles = absl::GetFlag(FLAGS_in_flight);
  const int batches = absl::GetFlag(FLAGS_batches_in_flight);
  Round round;
  round.bare = Saturate(servers.bare, kGet, singles, requests.single);
  round.kindred = Saturate(servers.kindred, kGet, singles, requests.single);
  round.recent = Saturate(servers.kindred, kGet, singles, requests.with_recent);
  round.batch = Saturate(servers.kindred, kBatchGet, batches, requests.batches);
  round.cold = Saturate(servers.cold, kGet, singles, requests.single);
  const std::vector<std::string> few(
      requests.single.begin(),
      requests.single.begin() + static_cast<ptrdiff_t>(std::min(OneInFlight::kRequests, requests.single.size())));
  for (absl::Duration spent; spent < absl::Seconds(absl::GetFlag(FLAGS_seconds)); spent += OneInFlight::kTurn) {
    round.bare_one.Measure(servers.bare, few);
    round.kindred_one.Measure(servers.kindred, few);
  }
  return round;
}

double Speed(const Figure& figure) { return figure.load.calls_per_second; }

// A line of the table: `compare` of each round, and the round of the median.
struct Line {
  const char* name;
  const char* target;  // Empty: for information.
  bool at_least;
  double bound;
  double (*floor)(const Round&);
  double (*ours)(const Round&);
  double (*compare)(double ours, double floor);
};

double Ratio(double ours, double floor) { return ours / floor; }
double Difference(double ours, double floor) { return ours - floor; }

constexpr Line kLines[] = {
    {"calls a second, saturated", ">= .90 of the floor", true, .90, [](const Round& r) { return Speed(r.bare); },
     [](const Round& r) { return Speed(r.kindred); }, &Ratio},
    {"server CPU us a call, saturated", "<= 1.15 of the floor", false, 1.15,
     [](const Round& r) { return r.bare.cpu_us; }, [](const Round& r) { return r.kindred.cpu_us; }, &Ratio},
    {"p50 us, one in flight", "floor + 15 us", false, 15, [](const Round& r) { return r.bare_one.p50_us(); },
     [](const Round& r) { return r.kindred_one.p50_us(); }, &Difference},
    {"p99 us, one in flight", "floor + 60 us", false, 60, [](const Round& r) { return r.bare_one.p99_us(); },
     [](const Round& r) { return r.kindred_one.p99_us(); }, &Difference},
    {"calls a second, no cache of answers", ">= .75 of the floor", true, .75,
     [](const Round& r) { return Speed(r.bare); }, [](const Round& r) { return Speed(r.cold); }, &Ratio},
    {"calls a second, with recent queries", ">= .70 of the floor", true, .70,
     [](const Round& r) { return Speed(r.bare); }, [](const Round& r) { return Speed(r.recent); }, &Ratio},
    {"queries a second, batches of 50", ">= 12 of single calls", true, 12,
     [](const Round& r) { return Speed(r.kindred); }, [](const Round& r) { return kBatch * Speed(r.batch); }, &Ratio},
    {"server CPU us a call, no cache", "", false, 0, [](const Round& r) { return r.bare.cpu_us; },
     [](const Round& r) { return r.cold.cpu_us; }, &Ratio},
    {"server CPU us a call, recent queries", "", false, 0, [](const Round& r) { return r.bare.cpu_us; },
     [](const Round& r) { return r.recent.cpu_us; }, &Ratio},
    {"server CPU us a query, batches of 50", "", false, 0, [](const Round& r) { return r.kindred.cpu_us; },
     [](const Round& r) { return r.batch.cpu_us / kBatch; }, &Ratio},
};

void PrintTable(const std::vector<Round>& rounds) {
  std::printf("%-38s %12s %12s %12s   %-22s %s\n", "", "floor", "kindred", "compared", "target", "met");
  for (const Line& line : kLines) {
    std::vector<std::pair<double, const Round*>> compared;
    for (const Round& round : rounds) {
      compared.emplace_back(line.compare(line.ours(round), line.floor(round)), &round);
    }
    std::sort(compared.begin(), compared.end());
    const auto& [value, round] = compared[compared.size() / 2];
    const bool met = line.at_least ? value >= line.bound : value <= line.bound;
    std::printf("%-38s %12.1f %12.1f %12.2f   %-22s %s\n", line.name, line.floor(*round), line.ours(*round), value,
                line.target,
                *line.target == '\0' ? ""
                : met                ? "yes"
                                     : "no");
  }
  int64_t failed = 0;
  for (const Round& round : rounds) failed += round.failed();
  std::printf("%lld calls failed. The load generator shares this machine's %u cores with the server.\n",
              static_cast<long long>(failed), std::thread::hardware_concurrency());
}

absl::Status Benchmark(const std::string& self) {
  const testing::TempDir dir;
  std::string root = absl::GetFlag(FLAGS_index);
  if (root.empty()) {
    root = dir.File("index");
    RETURN_IF_ERROR(PublishSyntheticIndex(root, {.queries = absl::GetFlag(FLAGS_queries)}).status());
  }
  ASSIGN_OR_RETURN(const Requests requests, MakeRequests(root, absl::GetFlag(FLAGS_unknown)));
  const std::string program = self.substr(0, self.rfind('/') + 1) + "kindred-server";
  const std::vector<std::string> command = {program, "--index", root, "--listen=127.0.0.1:0", "--metrics_listen="};
  ServerProcess kindred(command);
  if (!kindred.WaitUntilItServes()) return absl::UnavailableError(kindred.output());
  std::vector<std::string> without_cache = command;
  without_cache.emplace_back("--cache_bytes=0");
  without_cache.emplace_back("--max_queue_wait=1s");  // So that what fills it is answered and not refused.
  ServerProcess cold(without_cache);
  if (!cold.WaitUntilItServes()) return absl::UnavailableError(cold.output());
  v1::GetRelatedKeywordsRequest request;
  request.ParseFromString(requests.single[0]);
  ASSIGN_OR_RETURN(const auto response, RelatedSearchClient({.server = kindred.address()}).GetRelatedKeywords(request));
  ServerProcess bare({self, absl::StrCat("--bare_bytes=", response.ByteSizeLong())});
  if (!bare.WaitUntilItServes()) return absl::UnavailableError(bare.output());
  std::cout << response.ByteSizeLong() << " bytes a response" << std::endl;
  const Servers servers{bare, kindred, cold};
  MeasureRound(servers, requests);  // Fills caches and connections.
  std::vector<Round> rounds;
  for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) rounds.push_back(MeasureRound(servers, requests));
  PrintTable(rounds);
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred::bench

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("measures kindred-server beside a bare gRPC server.\n", argc, argv);
  if (const int bytes = absl::GetFlag(FLAGS_bare_bytes); bytes > 0) kindred::bench::ServeBare(bytes);
  return kindred::Finish("server_bench", kindred::bench::Benchmark(argv[0]));
}
