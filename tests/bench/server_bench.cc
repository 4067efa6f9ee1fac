// kindred-server beside the least that gRPC can do: a bare server that answers with as many fixed bytes.
//   ninja server_bench && bin/server_bench [--queries 200000] [--rounds 40] [--index DIR]
// Without --index it makes an index of synthetic rows. After a warm-up the servers take turns of half a second, because
// what is sought is a tenth of what the machine's other work adds from one moment to the next; each turn is set against
// that of the bare server in the same round, and the table shows the median round. A missed target is shown, and fails
// nothing.
#include <sys/resource.h>

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
ABSL_FLAG(int, rounds, 40, "Turns of each server.");
ABSL_FLAG(int, connections, 4, "Connections at saturation.");
ABSL_FLAG(int, in_flight, 64, "Calls in flight at saturation.");
ABSL_FLAG(int, batches_in_flight, 8, "Batches in flight at saturation; many more would be refused.");
ABSL_FLAG(double, unknown, .1, "Share of calls with queries that the index does not hold.");
ABSL_FLAG(int, bare_bytes, 0, "Used by the benchmark itself: be the bare server.");

namespace kindred::bench {
namespace {

constexpr char kGet[] = "/kindred.v1.RelatedSearchService/GetRelatedKeywords";
constexpr char kBatchGet[] = "/kindred.v1.RelatedSearchService/BatchGetRelatedKeywords";

constexpr absl::Duration kTurn = absl::Milliseconds(500);
constexpr size_t kRequests = 40'000;    // Sent from the first again: after the warm-up their answers are cached.
constexpr size_t kOneInFlight = 5'000;  // Of these, with one call in flight.
constexpr size_t kFewestTurns = 3;      // Of the warm-up.

// One server under one kind of load, in one turn.
struct Figure {
  Measured load;
  double cpu_us = 0;        // Of the server, a call.
  double generator_us = 0;  // Of this process, a call: the slower a server answers, the fewer answers come at a time.
};

double OwnCpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// One kind of load on one server.
class Job {
 public:
  Job(const ServerProcess& server, const char* method, int connections, int in_flight,
      const std::vector<std::string>& requests)
      : server_(server),
        caller_(server.address(), method, connections, requests),
        in_flight_(in_flight),
        requests_(requests.size()) {}

  // Until all requests were sent.
  void WarmUp() {
    for (size_t turns = 0; turns < kFewestTurns || caller_.sent() < requests_; ++turns) TakeTurn();
  }
  Figure TakeTurn() {
    const double before = server_.CpuSeconds(), own_before = OwnCpuSeconds();
    Figure figure{caller_.Run(in_flight_, kTurn)};
    const double per_call = 1e6 / static_cast<double>(std::max<int64_t>(1, figure.load.calls));
    figure.cpu_us = (server_.CpuSeconds() - before) * per_call;
    figure.generator_us = (OwnCpuSeconds() - own_before) * per_call;
    return figure;
  }

 private:
  const ServerProcess& server_;
  Caller caller_;
  const int in_flight_;
  const size_t requests_;
};

// A turn of each.
struct Round {
  Figure bare, kindred, cold, recent, batch, bare_one, kindred_one;
  int64_t failed() const {
    int64_t failed = 0;
    for (const Figure* figure : {&bare, &kindred, &cold, &recent, &batch, &bare_one, &kindred_one}) {
      failed += figure->load.failed;
    }
    return failed;
  }
};

struct Servers {
  const ServerProcess &bare, &kindred, &cold;
};

std::vector<std::string> First(size_t most, const std::vector<std::string>& requests) {
  return {requests.begin(), requests.begin() + static_cast<ptrdiff_t>(std::min(most, requests.size()))};
}

std::vector<Round> MeasureRounds(const Servers& servers, const Requests& requests) {
  const int connections = absl::GetFlag(FLAGS_connections), in_flight = absl::GetFlag(FLAGS_in_flight);
  const std::vector<std::string> single = First(kRequests, requests.single),
                                 with_recent = First(kRequests, requests.with_recent),
                                 batches = First(kRequests / kBatch, requests.batches),
                                 few = First(kOneInFlight, requests.single);
  Job bare(servers.bare, kGet, connections, in_flight, single);
  Job kindred(servers.kindred, kGet, connections, in_flight, single);
  Job recent(servers.kindred, kGet, connections, in_flight, with_recent);
  Job batch(servers.kindred, kBatchGet, connections, absl::GetFlag(FLAGS_batches_in_flight), batches);
  Job cold(servers.cold, kGet, connections, in_flight, single);
  Job bare_one(servers.bare, kGet, 1, 1, few), kindred_one(servers.kindred, kGet, 1, 1, few);
  for (Job* job : {&bare, &kindred, &cold, &recent, &batch, &bare_one, &kindred_one}) job->WarmUp();
  std::vector<Round> rounds;
  for (int i = 0; i < absl::GetFlag(FLAGS_rounds); ++i) {
    // In the order of the members, so that what is compared most closely stands side by side.
    rounds.push_back({bare.TakeTurn(), kindred.TakeTurn(), cold.TakeTurn(), recent.TakeTurn(), batch.TakeTurn(),
                      bare_one.TakeTurn(), kindred_one.TakeTurn()});
  }
  return rounds;
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
    {"p50 us, one in flight", "floor + 15 us", false, 15, [](const Round& r) { return r.bare_one.load.p50_us; },
     [](const Round& r) { return r.kindred_one.load.p50_us; }, &Difference},
    {"p99 us, one in flight", "floor + 60 us", false, 60, [](const Round& r) { return r.bare_one.load.p99_us; },
     [](const Round& r) { return r.kindred_one.load.p99_us; }, &Difference},
    {"calls a second, no cache of answers", ">= .75 of the floor", true, .75,
     [](const Round& r) { return Speed(r.bare); }, [](const Round& r) { return Speed(r.cold); }, &Ratio},
    {"calls a second, with recent queries", ">= .70 of the floor", true, .70,
     [](const Round& r) { return Speed(r.bare); }, [](const Round& r) { return Speed(r.recent); }, &Ratio},
    {"queries a second, batches of 50", ">= 12 of single calls", true, 12,
     [](const Round& r) { return Speed(r.kindred); }, [](const Round& r) { return kBatch * Speed(r.batch); }, &Ratio},
    {"server CPU us a call, no cache", "", false, 0, [](const Round& r) { return r.bare.cpu_us; },
     [](const Round& r) { return r.cold.cpu_us; }, &Ratio},
    {"generator CPU us a call, no cache", "", false, 0, [](const Round& r) { return r.bare.generator_us; },
     [](const Round& r) { return r.cold.generator_us; }, &Ratio},
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
  std::printf("The load generator shares this machine's %u cores with the server.\n",
              std::thread::hardware_concurrency());
}

absl::Status NoneFailed(const std::vector<Round>& rounds) {
  int64_t failed = 0;
  for (const Round& round : rounds) failed += round.failed();
  return failed == 0 ? absl::OkStatus() : absl::InternalError(absl::StrCat(failed, " calls failed"));
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
  const std::vector<Round> rounds = MeasureRounds(servers, requests);
  PrintTable(rounds);
  return NoneFailed(rounds);
}

}  // namespace
}  // namespace kindred::bench

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("measures kindred-server beside a bare gRPC server.\n", argc, argv);
  if (const int bytes = absl::GetFlag(FLAGS_bare_bytes); bytes > 0) kindred::bench::ServeBare(bytes);
  return kindred::Finish("server_bench", kindred::bench::Benchmark(argv[0]));
}
