// What Kindred's own part of a call costs, part by part, without gRPC: processor time of one thread.
//   ninja call_bench make_index && bin/make_index --index DIR --queries 200000 && bin/call_bench --index DIR
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/text/normalized_query.h"
#include "kindred/index/v1/index_info.pb.h"
#include "kindred/v1/related_search.pb.h"
#include "server/request_parser.h"
#include "server/responder.h"
#include "server/server_metrics.h"
#include "server/snapshot_store.h"
#include "tests/bench/synthetic_index.h"

ABSL_FLAG(std::string, index, "", "Index to serve; bin/make_index makes one.");
ABSL_FLAG(std::string, only, "", "Measure only what has this in its name.");

namespace kindred::bench {
namespace {

double CpuNanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// Of all `requests`, the least of five times: the first fills caches, and others disturb less than one.
void Print(const char* name, const std::vector<std::string>& requests, size_t queries_each,
           const std::function<void(const std::string&)>& part) {
  if (!absl::StrContains(name, absl::GetFlag(FLAGS_only))) return;
  double took = std::numeric_limits<double>::infinity();
  for (int pass = 0; pass < 5; ++pass) {
    const double begin = CpuNanoseconds();
    for (const std::string& request : requests) part(request);
    took = std::min(took, CpuNanoseconds() - begin);
  }
  std::printf("%-58s %8.2f us a query\n", name, took * 1e-3 / static_cast<double>(requests.size() * queries_each));
}

absl::Status Measure() {
  if (absl::GetFlag(FLAGS_index).empty()) return BadUsage("--index DIR is missing");
  const IndexRoot root(absl::GetFlag(FLAGS_index));
  ASSIGN_OR_RETURN(const Requests requests, MakeRequests(root.path(), .1));
  ASSIGN_OR_RETURN(const auto store, SnapshotStore::Open(root, {}));
  ASSIGN_OR_RETURN(const auto cold_store, SnapshotStore::Open(root, {.cache_bytes = 0}));
  ServerMetrics metrics;
  const Responder responder(store.get(), &metrics, {});
  const Responder cold(cold_store.get(), &metrics, {});
  const Snapshot& snapshot = *store->Current();
  std::vector<Question> questions;
  for (const std::string& bytes : requests.single) {
    questions.push_back({snapshot.info().default_market(), ScanRequest(bytes).value().query, 8, false});
  }
  size_t next = 0;
  const auto question = [&]() -> const Question& { return questions[next++ % questions.size()]; };
  Print("whole call, answer cached", requests.single, 1, [&](const std::string& r) { (void)responder.Respond(r); });
  Print("  scan the request", requests.single, 1, [](const std::string& r) { (void)ScanRequest(r); });
  Print("  find the cached answer", requests.single, 1, [&](const std::string&) { (void)snapshot.Ask(question()); });
  Print("  find it and join its bytes", requests.single, 1,
        [&](const std::string&) { (void)snapshot.Ask(question())->answer->Response({}); });
  Print("  count the query and the call", requests.single, 1, [&](const std::string&) {
    metrics.CountQuery(MatchKind::kExact, true);
    CountedCall(&metrics, Method::kGet, 70).Finish(absl::StatusCode::kOk, 400);
  });
  Print("  copy the pointer to what is served", requests.single, 1,
        [&](const std::string&) { (void)store->Current(); });
  Print("what is not cached: parse and check the request", requests.single, 1,
        [](const std::string& r) { (void)ParseRequest(r); });
  Print("  normalize the query", requests.single, 1,
        [&](const std::string&) { (void)NormalizeQuery(question().query); });
  Print("whole call with three recent queries, answer cached", requests.with_recent, 1,
        [&](const std::string& r) { (void)responder.Respond(r); });
  Print("whole batch of 50, answers cached", requests.batches, kBatch, [&](const std::string& r) {
    Responder::Batch batch;
    responder.Answer(r, batch, [] { return absl::OkStatus(); }).IgnoreError();
  });
  std::vector<std::string> known, unknown;
  for (size_t i = 0; i < questions.size() && i < 20'000; ++i) {
    ASSIGN_OR_RETURN(const Snapshot::Result result, snapshot.Ask(questions[i]));
    (result.answer->match() == MatchKind::kExact ? known : unknown).push_back(requests.single[i]);
  }
  Print("whole call of a known query, no cache of answers", known, 1,
        [&](const std::string& r) { (void)cold.Respond(r); });
  Print("whole call of an unknown query, no cache of answers", unknown, 1,
        [&](const std::string& r) { (void)cold.Respond(r); });
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred::bench

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("measures Kindred's own part of a call.\n", argc, argv);
  return kindred::Finish("call_bench", kindred::bench::Measure());
}
