// Calls a second, latency and CPU of kindred-server, beside a bare gRPC server that answers with as many fixed bytes.
//   ninja server_bench && bin/server_bench [--queries 200000] [--seconds 5] [--rounds 3] [--index DIR]
// Without --index it makes an index of synthetic rows. After a round that is not counted, which fills caches and
// connections, the rounds alternate between the two servers, so that both meet the same moments of the machine; the
// table shows the median round of each.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/related_search_client.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "grpcpp/grpcpp.h"
#include "kindred/v1/related_search.grpc.pb.h"
#include "tests/bench/load_generator.h"
#include "tests/testing/child_process.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

ABSL_FLAG(std::string, index, "", "Index to serve. Empty: one of synthetic rows.");
ABSL_FLAG(int, queries, 200000, "Queries of the synthetic index.");
ABSL_FLAG(int, seconds, 5, "Length of each measurement.");
ABSL_FLAG(int, rounds, 3, "Measurements of each server.");
ABSL_FLAG(int, connections, 4, "Connections at saturation.");
ABSL_FLAG(int, in_flight, 64, "Calls in flight at saturation.");
ABSL_FLAG(double, unknown, .1, "Share of calls with queries that the index does not hold.");
ABSL_FLAG(int, bare_bytes, 0, "Used by the benchmark itself: be the bare server.");

namespace kindred::bench {
namespace {

constexpr char kMethod[] = "/kindred.v1.RelatedSearchService/GetRelatedKeywords";
constexpr int kWords = 5000;

std::string SyntheticQuery(std::mt19937_64& random) {
  return absl::StrCat("word", random() % kWords, " thing", random() % kWords);
}

absl::Status BuildIndex(const std::string& root) {
  std::mt19937_64 random(1);
  std::vector<std::string> queries;
  for (int i = 0; i < absl::GetFlag(FLAGS_queries); ++i) queries.push_back(SyntheticQuery(random));
  std::sort(queries.begin(), queries.end());
  queries.erase(std::unique(queries.begin(), queries.end()), queries.end());
  testing::TinyLists lists;
  for (const std::string& query : queries) {
    std::vector<std::string> keywords;
    while (keywords.size() < 12) {
      const std::string& keyword = queries[random() % queries.size()];
      if (keyword != query && std::find(keywords.begin(), keywords.end(), keyword) == keywords.end()) {
        keywords.push_back(keyword);
      }
    }
    lists.emplace(query, testing::MakeList(query, keywords));
  }
  return testing::PublishTinyIndex(root, lists).status();
}

// Zipf-distributed queries of the index, and unknown ones between them.
absl::StatusOr<std::vector<std::string>> MakeRequests(const std::string& root_path) {
  const IndexRoot root(root_path);
  ASSIGN_OR_RETURN(const auto active, root.Active());
  if (!active.has_value()) return absl::NotFoundError("no index in " + root_path);
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(root.VersionPath(*active), {}));
  std::vector<std::string> queries;
  RETURN_IF_ERROR(
      reader->ForEach(reader->info().default_market(), [&](const NormalizedQuery& query, const RelatedList&) {
        queries.emplace_back(query.text());
        return true;
      }));
  std::mt19937_64 random(2);
  std::shuffle(queries.begin(), queries.end(), random);
  std::vector<double> weights;
  for (size_t rank = 1; rank <= queries.size(); ++rank) weights.push_back(1 / static_cast<double>(rank));
  std::discrete_distribution<size_t> zipf(weights.begin(), weights.end());
  std::bernoulli_distribution unknown(absl::GetFlag(FLAGS_unknown));
  std::vector<std::string> requests;
  for (int i = 0; i < 200000; ++i) {
    v1::GetRelatedKeywordsRequest request;
    std::string query = queries[zipf(random)];
    if (unknown(random)) absl::StrAppend(&query, " n", random() % 1000);
    request.set_query(query);
    requests.push_back(request.SerializeAsString());
  }
  std::cout << queries.size() << " queries in the index\n";
  return requests;
}

using BareBase = v1::RelatedSearchService::WithRawCallbackMethod_GetRelatedKeywords<v1::RelatedSearchService::Service>;

// The least that a callback server can do.
class BareService final : public BareBase {
 public:
  explicit BareService(int bytes) : slice_(std::string(bytes, 'x')) {}
  grpc::ServerUnaryReactor* GetRelatedKeywords(grpc::CallbackServerContext* context, const grpc::ByteBuffer*,
                                               grpc::ByteBuffer* response) override {
    *response = grpc::ByteBuffer(&slice_, 1);
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const grpc::Slice slice_;
};

[[noreturn]] void ServeBare(int bytes) {
  BareService service(bytes);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  std::cout << "serving port=" << port << std::endl;
  while (true) ::pause();
}

double CpuSeconds(pid_t pid) {
  std::ifstream stat(absl::StrCat("/proc/", pid, "/stat"));
  std::string field;
  double ticks = 0;
  for (int i = 1; i <= 15 && stat >> field; ++i) {
    if (double value = 0; i >= 14 && absl::SimpleAtod(field, &value)) ticks += value;
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

struct Round {
  Measured saturated;
  Measured single;
  double cpu_us = 0;  // Of the server, a call at saturation.
};

struct Contender {
  const char* name;
  testing::ChildProcess process;
  std::vector<Round> rounds = {};

  std::string address() const {
    const std::string& log = process.output();
    return absl::StrCat("127.0.0.1:", std::atoi(log.c_str() + log.find(" port=") + 6));
  }
};

Round MeasureRound(const Contender& contender, const std::vector<std::string>& requests) {
  Round round;
  Load load{contender.address(), kMethod, absl::GetFlag(FLAGS_connections), absl::GetFlag(FLAGS_in_flight),
            absl::Seconds(absl::GetFlag(FLAGS_seconds))};
  const double cpu_before = CpuSeconds(contender.process.pid());
  round.saturated = Run(load, requests);
  round.cpu_us = (CpuSeconds(contender.process.pid()) - cpu_before) * 1e6 / static_cast<double>(round.saturated.calls);
  load.connections = load.in_flight = 1;
  round.single = Run(load, requests);
  return round;
}

double Median(const std::vector<Round>& rounds, double (*value)(const Round&)) {
  std::vector<double> values;
  for (const Round& round : rounds) values.push_back(value(round));
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void PrintRow(const Contender& contender) {
  int64_t failed = 0;
  for (const Round& round : contender.rounds) failed += round.saturated.failed + round.single.failed;
  const auto median = [&](double (*value)(const Round&)) { return Median(contender.rounds, value); };
  std::printf("%-16s %12.0f %14.1f %14.1f %14.1f %14.1f %8lld\n", contender.name,
              median([](const Round& r) { return r.saturated.calls_per_second; }),
              median([](const Round& r) { return r.cpu_us; }), median([](const Round& r) { return r.single.p50_us; }),
              median([](const Round& r) { return r.single.p99_us; }),
              median([](const Round& r) { return r.saturated.p99_us; }), static_cast<long long>(failed));
}

absl::Status Benchmark(const std::string& self) {
  const testing::TempDir dir;
  std::string root = absl::GetFlag(FLAGS_index);
  if (root.empty()) {
    root = dir.File("index");
    RETURN_IF_ERROR(BuildIndex(root));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> requests, MakeRequests(root));
  const std::string bin = self.substr(0, self.rfind('/') + 1);
  Contender kindred{"kindred-server", testing::ChildProcess({bin + "kindred-server", "--index", root,
                                                             "--listen=127.0.0.1:0", "--metrics_listen="})};
  if (!kindred.process.ReadUntil("serving") || !kindred.process.ReadUntil("\n")) {
    return absl::UnavailableError(kindred.process.output());
  }
  v1::GetRelatedKeywordsRequest request;
  request.ParseFromString(requests[0]);
  ASSIGN_OR_RETURN(const auto response, RelatedSearchClient({.server = kindred.address()}).GetRelatedKeywords(request));
  const auto bytes = response.ByteSizeLong();
  Contender bare{"bare gRPC server", testing::ChildProcess({self, absl::StrCat("--bare_bytes=", bytes)})};
  if (!bare.process.ReadUntil("\n")) return absl::UnavailableError(bare.process.output());
  std::cout << bytes << " bytes a response\n";
  for (const Contender* contender : {&bare, &kindred}) MeasureRound(*contender, requests);
  for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) {
    for (Contender* contender : {&bare, &kindred}) contender->rounds.push_back(MeasureRound(*contender, requests));
  }
  std::printf("%-16s %12s %14s %14s %14s %14s %8s\n", "", "calls/s", "CPU us/call", "p50 us, one", "p99 us, one",
              "p99 us, full", "failed");
  PrintRow(bare);
  PrintRow(kindred);
  std::printf(
      "The load generator shares this machine's %u cores with the server: calls/s and latencies hold its cost, too.\n",
      std::thread::hardware_concurrency());
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred::bench

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("measures kindred-server beside a bare gRPC server.\n", argc, argv);
  if (const int bytes = absl::GetFlag(FLAGS_bare_bytes); bytes > 0) kindred::bench::ServeBare(bytes);
  return kindred::Finish("server_bench", kindred::bench::Benchmark(argv[0]));
}
