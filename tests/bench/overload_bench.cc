// What kindred-server does at several times the load that it can carry.
//   ninja overload_bench && bin/overload_bench --index DIR [--factor 4] [--batch 0] [--seconds 5] [--connections 16]
// Asks queries that the index does not hold, with no cache, so that work and not the network is what a call costs.
// First one call at a time, then as many as the server carries, then calls at `factor` times that rate, sent when they
// are due whether or not earlier ones were answered. Last, one at a time again.
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "grpcpp/support/status_code_enum.h"
#include "index/store/index_reader.h"
#include "index/store/index_root.h"
#include "kindred/index/v1/index_info.pb.h"
#include "kindred/v1/related_search.pb.h"
#include "tests/bench/http2_calls.h"
#include "tests/bench/load_generator.h"
#include "tests/testing/child_process.h"

ABSL_FLAG(std::string, index, "", "Index to serve.");
ABSL_FLAG(double, factor, 4, "How many times its capacity the server is asked.");
ABSL_FLAG(int, batch, 0, "Queries a call; 0: single calls.");
ABSL_FLAG(int, seconds, 5, "Length of each measurement.");
ABSL_FLAG(int, connections, 16, "Connections under overload.");
ABSL_FLAG(bool, unknown, true, "Ask queries that the index does not hold.");
ABSL_FLAG(std::string, server_flags, "--cache_bytes=0", "More flags of the server.");
ABSL_FLAG(std::string, server, "", "Another kindred-server than the one beside this program.");

namespace kindred::bench {
namespace {

constexpr char kSingle[] = "/kindred.v1.RelatedSearchService/GetRelatedKeywords";
constexpr char kBatch[] = "/kindred.v1.RelatedSearchService/BatchGetRelatedKeywords";

absl::StatusOr<std::vector<std::string>> Queries(const std::string& path) {
  const IndexRoot root(path);
  ASSIGN_OR_RETURN(const auto active, root.Active());
  if (!active.has_value()) return absl::NotFoundError("no index in " + path);
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(root.VersionPath(*active), {}));
  std::vector<std::string> queries;
  std::mt19937_64 random(1);
  RETURN_IF_ERROR(
      reader->ForEach(reader->info().default_market(), [&](const NormalizedQuery& query, const RelatedList&) {
        queries.emplace_back(query.text());
        if (absl::GetFlag(FLAGS_unknown)) absl::StrAppend(&queries.back(), " n", random() % 1000);
        return true;
      }));
  std::shuffle(queries.begin(), queries.end(), random);
  return queries;
}

std::vector<std::string> MakeRequests(const std::vector<std::string>& queries, int batch_size) {
  std::vector<std::string> requests;
  for (size_t i = 0; requests.size() < 20'000; ++i) {
    v1::BatchGetRelatedKeywordsRequest batch;
    for (int j = 0; j < std::max(1, batch_size); ++j) {
      batch.add_requests()->set_query(queries[(i * std::max(1, batch_size) + j) % queries.size()]);
    }
    requests.push_back(batch_size == 0 ? batch.requests(0).SerializeAsString() : batch.SerializeAsString());
  }
  return requests;
}

double Quantile(std::vector<double>& values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(q * static_cast<double>(values.size() - 1))];
}

// Internal: some calls became neither an answer nor a refusal.
absl::Status PrintOverload(double rate, const std::vector<SentCall>& calls) {
  std::vector<double> accepted, shed, late;
  size_t others = 0;
  for (const SentCall& call : calls) {
    late.push_back(call.late_ms);
    if (call.code == grpc::StatusCode::OK) {
      accepted.push_back(call.took_ms);
    } else if (call.code == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      shed.push_back(call.took_ms);
    } else {
      ++others;
    }
  }
  const double seconds = absl::GetFlag(FLAGS_seconds);
  std::printf(
      "offered %.0f/s: accepted %.0f/s, p50 %.2f ms, p99 %.2f ms; shed %.0f/s, p50 %.2f ms, p99 %.2f ms; others %zu; "
      "sent late by p50 %.2f ms, p99 %.2f ms\n",
      rate, static_cast<double>(accepted.size()) / seconds, Quantile(accepted, .5), Quantile(accepted, .99),
      static_cast<double>(shed.size()) / seconds, Quantile(shed, .5), Quantile(shed, .99), others, Quantile(late, .5),
      Quantile(late, .99));
  return others == 0 ? absl::OkStatus() : absl::InternalError(absl::StrCat(others, " calls failed"));
}

int ResidentMiB(pid_t pid) {
  std::ifstream statm(absl::StrCat("/proc/", pid, "/statm"));
  int64_t size = 0;
  int64_t resident = 0;
  statm >> size >> resident;
  return static_cast<int>(resident * ::sysconf(_SC_PAGESIZE) >> 20);
}

// Processor time that a process took so far.
double CpuSeconds(const std::string& pid) {
  std::ifstream stat(absl::StrCat("/proc/", pid, "/stat"));
  std::string field;
  double ticks = 0;
  for (int i = 1; i <= 15 && stat >> field; ++i) ticks += i >= 14 ? std::atof(field.c_str()) : 0;
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void PrintClosed(const char* name, const Measured& measured) {
  std::printf("%s: %.0f calls/s, p50 %.2f ms, p99 %.2f ms, failed %lld\n", name, measured.calls_per_second,
              measured.p50_us / 1000, measured.p99_us / 1000, static_cast<long long>(measured.failed));
}

// Gives this process, and what it starts, the first half of the processors, or the second.
void TakeHalf(int half) {
  const int cores = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int i = 0; i < cores; ++i) {
    if (cores == 1 || i / ((cores + 1) / 2) == half) CPU_SET(i, &set);
  }
  ::sched_setaffinity(0, sizeof(set), &set);
}

absl::Status Benchmark(const std::string& self) {
  if (absl::GetFlag(FLAGS_index).empty()) return BadUsage("--index DIR is missing");
  ASSIGN_OR_RETURN(const auto queries, Queries(absl::GetFlag(FLAGS_index)));
  const int batch = absl::GetFlag(FLAGS_batch);
  const std::vector<std::string> requests = MakeRequests(queries, batch);
  std::string program = absl::GetFlag(FLAGS_server);
  if (program.empty()) program = self.substr(0, self.rfind('/') + 1) + "kindred-server";
  std::vector<std::string> command = {program, "--index", absl::GetFlag(FLAGS_index), "--listen=127.0.0.1:0",
                                      "--metrics_listen="};
  for (const auto flag : absl::StrSplit(absl::GetFlag(FLAGS_server_flags), ' ', absl::SkipEmpty())) {
    command.emplace_back(flag);
  }
  TakeHalf(0);
  testing::ChildProcess server(command);
  TakeHalf(1);
  if (!server.ReadUntil(" port=") || !server.ReadUntil("\n")) return absl::UnavailableError(server.output());
  const std::string& log = server.output();
  const int port = std::atoi(log.c_str() + log.find(" port=") + 6);
  const std::string address = absl::StrCat("127.0.0.1:", port), method = batch == 0 ? kSingle : kBatch;
  const absl::Duration duration = absl::Seconds(absl::GetFlag(FLAGS_seconds));
  Caller(address, method, 1, requests).Run(1, duration);  // Not counted: fills the block cache.
  PrintClosed("one at a time", Caller(address, method, 1, requests).Run(1, duration));
  // With so few in flight that nothing is refused.
  const Measured capacity = Caller(address, method, 2, requests).Run(batch == 0 ? 4 : 2, duration);
  PrintClosed("capacity", capacity);
  if (capacity.calls == 0) return absl::UnavailableError("no call was answered");
  const double rate = absl::GetFlag(FLAGS_factor) * capacity.calls_per_second;
  std::printf("server memory before %d MiB\n", ResidentMiB(server.pid()));
  const std::string server_pid = absl::StrCat(server.pid());
  const double server_before = CpuSeconds(server_pid);
  const double self_before = CpuSeconds("self");
  const absl::Time begin = absl::Now();
  ASSIGN_OR_RETURN(const std::vector<SentCall> calls,
                   Send(PoissonLoad{port, method, absl::GetFlag(FLAGS_connections), rate, duration}, requests));
  const double took = absl::ToDoubleSeconds(absl::Now() - begin);
  const absl::Status overload = PrintOverload(rate, calls);
  std::printf("processors: server %.2f, this program %.2f, of %ld between them\n",
              (CpuSeconds(server_pid) - server_before) / took, (CpuSeconds("self") - self_before) / took,
              ::sysconf(_SC_NPROCESSORS_ONLN));
  std::printf("server memory after %d MiB\n", ResidentMiB(server.pid()));
  PrintClosed("the second after", Caller(address, method, 1, requests).Run(1, absl::Seconds(1)));
  PrintClosed("the one after that", Caller(address, method, 1, requests).Run(1, absl::Seconds(1)));
  return overload;
}

}  // namespace
}  // namespace kindred::bench

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("measures kindred-server above its capacity.\n", argc, argv);
  return kindred::Finish("overload_bench", kindred::bench::Benchmark(argv[0]));
}
