// What callers feel of a swap: the 99.9th percentile while versions of a large index are swapped, beside that of
// quiet times, at a tenth and at nine tenths of what the server can carry.
//   ninja swap_bench && bin/swap_bench [--queries 1000000] [--seconds 30] [--swap_every 3s]
// Calls are sent when they are due, whatever became of those before. Quiet and restless stretches alternate, so that
// both meet the same moments of the machine.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/server_process.h"
#include "tests/bench/synthetic_index.h"
#include "tests/testing/temp_dir.h"

ABSL_FLAG(std::string, index, "", "Index with at least two versions. Empty: two of synthetic rows.");
ABSL_FLAG(uint64_t, queries, 1'000'000, "Queries of each synthetic version.");
ABSL_FLAG(int, seconds, 30, "Length of all quiet stretches together, and of all restless ones, at each load.");
ABSL_FLAG(absl::Duration, swap_every, absl::Seconds(3), "Time between swaps in a restless stretch.");
ABSL_FLAG(int, connections, 4, "Connections.");

namespace kindred::bench {
namespace {

constexpr char kGet[] = "/kindred.v1.RelatedSearchService/GetRelatedKeywords";
constexpr int kStretches = 5;  // Of each kind.

// Points ACTIVE to the other of two versions: what publish does, without its reading.
class Flipper {
 public:
  Flipper(std::string root, IndexVersion a, IndexVersion b) : root_(std::move(root)), active_(a), other_(b) {}

  void Flip() {
    std::swap(active_, other_);
    const std::string temporary = absl::StrCat(root_, "/ACTIVE.flip");
    std::ofstream(temporary) << active_ << '\n' << other_ << '\n';
    std::filesystem::rename(temporary, absl::StrCat(root_, "/ACTIVE"));
  }

 private:
  const std::string root_;
  IndexVersion active_, other_;
};

struct Stretches {
  std::vector<double> latencies_us;
  int64_t failed = 0;

  double At(double quantile) {
    std::sort(latencies_us.begin(), latencies_us.end());
    return latencies_us[static_cast<size_t>(quantile * static_cast<double>(latencies_us.size() - 1))];
  }
};

void RunStretch(const PacedLoad& load, const std::vector<std::string>& requests, Stretches& into) {
  for (const PacedCall& call : Run(load, requests)) {
    into.latencies_us.push_back(call.latency_us);
    into.failed += call.failed ? 1 : 0;
  }
}

absl::Status Compare(const char* name, PacedLoad load, const std::vector<std::string>& requests, Flipper& flipper) {
  load.duration = absl::Seconds(absl::GetFlag(FLAGS_seconds)) / kStretches;
  Stretches quiet, restless;
  for (int i = 0; i < kStretches; ++i) {
    RunStretch(load, requests, quiet);
    std::jthread flips([&flipper](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        flipper.Flip();
        const absl::Time next = absl::Now() + absl::GetFlag(FLAGS_swap_every);
        while (!stop.stop_requested() && absl::Now() < next) absl::SleepFor(absl::Milliseconds(20));
      }
    });
    RunStretch(load, requests, restless);
    flips = {};
    absl::SleepFor(absl::Seconds(2));  // The last swap is no part of the quiet.
  }
  std::printf("%-14s %8.0f/s   p50 %7.0f %7.0f   p99 %8.0f %8.0f   p99.9 %8.0f %8.0f   %.2f times\n", name,
              load.calls_per_second, quiet.At(.5), restless.At(.5), quiet.At(.99), restless.At(.99), quiet.At(.999),
              restless.At(.999), restless.At(.999) / quiet.At(.999));
  std::fflush(stdout);
  const int64_t failed = quiet.failed + restless.failed;
  return failed == 0 ? absl::OkStatus() : absl::InternalError(absl::StrCat(failed, " calls failed"));
}

absl::Status Benchmark(const std::string& self) {
  const testing::TempDir dir;
  std::string root = absl::GetFlag(FLAGS_index);
  if (root.empty()) {
    root = dir.File("index");
    for (int i = 0; i < 2; ++i) {
      RETURN_IF_ERROR(PublishSyntheticIndex(root, {.queries = absl::GetFlag(FLAGS_queries)}).status());
    }
  }
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, IndexRoot(root).Versions());
  if (versions.size() < 2) return absl::FailedPreconditionError(absl::StrCat(root, ": less than two versions"));
  ASSIGN_OR_RETURN(const Requests requests, MakeRequests(root, .1));
  ServerProcess server({self.substr(0, self.rfind('/') + 1) + "kindred-server", "--index", root, "--listen=127.0.0.1:0",
                        "--metrics_listen=", "--poll_interval=100ms"});
  if (!server.WaitUntilItServes()) return absl::UnavailableError(server.output());
  Caller saturating(server.address(), kGet, absl::GetFlag(FLAGS_connections), requests.single);
  saturating.Run(64, absl::Seconds(5));  // Warms.
  const double most = saturating.Run(64, absl::Seconds(5)).calls_per_second;
  std::printf("saturated: %.0f calls a second. Pairs: quiet, then with swaps; microseconds.\n", most);
  Flipper flipper(root, versions.back(), versions.front());
  PacedLoad load{server.address(), kGet, absl::GetFlag(FLAGS_connections), .1 * most, {}};
  RETURN_IF_ERROR(Compare("a tenth", load, requests.single, flipper));
  load.calls_per_second = .9 * most;
  return Compare("nine tenths", load, requests.single, flipper);
}

}  // namespace
}  // namespace kindred::bench

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("measures what callers feel of a swap.\n", argc, argv);
  return kindred::Finish("swap_bench", kindred::bench::Benchmark(argv[0]));
}
