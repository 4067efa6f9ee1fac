// How long a row of a log takes to read: EventReader::NextBatch() over all of --input, a few times, by as many threads
// as asked for. Prints the least time a row; nothing is asserted. Logs to read:
//   kindred-index sample --rows 1000000 > log.tsv; read_bench --input log.tsv
//   awk -F"\t" 'NR > 1 {printf "%s\t17175%08d\t%s\t%s\n", $1, NR, $3, $4}' log.tsv > four.tsv
//   read_bench --input four.tsv --columns user=1,time=2,query=3,item=4
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/log/event_reader.h"

ABSL_FLAG(std::string, input, "", "logs, with commas between them");
ABSL_FLAG(std::string, format, "auto", "LogOptions::format");
ABSL_FLAG(std::string, columns, "", "LogOptions::columns");
ABSL_FLAG(uint32_t, threads, 1, "that call NextBatch()");
ABSL_FLAG(uint32_t, block_kib, 0, "LogOptions::block_bytes; 0: the default");
ABSL_FLAG(uint32_t, rounds, 5, "how often to read the log");

namespace kindred {
namespace {

struct Times {
  double wall = 0, user = 0, system = 0;  // Seconds.
  ReadReport report;
};

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

absl::StatusOr<Times> ReadOnce(const LogOptions& options, uint32_t threads) {
  rusage before, after;
  ::getrusage(RUSAGE_SELF, &before);
  const auto start = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(const std::unique_ptr<EventReader> reader, EventReader::Open(options));
  absl::Status failure;
  std::mutex mutex;
  std::atomic<uint64_t> bytes = 0;  // So that the events are used.
  const auto work = [&] {
    EventBatch batch;
    while (true) {
      const absl::StatusOr<bool> more = reader->NextBatch(batch);
      if (!more.ok()) {
        const std::lock_guard lock(mutex);
        failure = more.status();
      }
      if (!more.ok() || !*more) return;
      uint64_t sum = 0;
      for (const SearchEvent& event : batch.events) sum += event.user.size() + event.query.size();
      bytes += sum;
    }
  };
  std::vector<std::thread> others;
  for (uint32_t i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  RETURN_IF_ERROR(failure);
  Times times;
  times.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ::getrusage(RUSAGE_SELF, &after);
  times.user = Seconds(after.ru_utime) - Seconds(before.ru_utime);
  times.system = Seconds(after.ru_stime) - Seconds(before.ru_stime);
  times.report = reader->report();
  return times;
}

absl::Status Measure() {
  LogOptions options;
  options.inputs = absl::StrSplit(absl::GetFlag(FLAGS_input), ',', absl::SkipEmpty());
  ASSIGN_OR_RETURN(options.format, ParseLogFormat(absl::GetFlag(FLAGS_format)));
  ASSIGN_OR_RETURN(options.columns, ParseColumns(absl::GetFlag(FLAGS_columns)));
  if (const size_t kib = absl::GetFlag(FLAGS_block_kib); kib > 0) options.block_bytes = kib << 10;
  Times least{1e9, 1e9, 1e9, {}};
  for (uint32_t round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) {
    ASSIGN_OR_RETURN(const Times times, ReadOnce(options, absl::GetFlag(FLAGS_threads)));
    least.wall = std::min(least.wall, times.wall);
    if (times.user + times.system < least.user + least.system) {
      least.user = times.user;
      least.system = times.system;
    }
    least.report = times.report;
  }
  for (const std::string& line : ReportLines(least.report)) std::cout << line << "\n";
  const double rows = static_cast<double>(least.report.rows);
  std::cout << absl::StrFormat("ns a row: %.1f by the clock, %.1f of the processor (%.1f user, %.1f system)\n",
                               least.wall / rows * 1e9, (least.user + least.system) / rows * 1e9,
                               least.user / rows * 1e9, least.system / rows * 1e9);
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("read_bench --input LOG: how long does a row take to read?", argc, argv);
  const absl::Status status = kindred::Measure();
  if (!status.ok()) std::cerr << "read_bench: " << status << "\n";
  return status.ok() ? 0 : 1;
}
