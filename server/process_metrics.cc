#include "server/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/machine_limits.h"
#include "common/version.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace kindred {
namespace {

std::string Read(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

prometheus::MetricFamily Family(const char* name, const char* help, prometheus::MetricType type, double value) {
  prometheus::ClientMetric metric;
  (type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return {name, help, type, {metric}};
}

// Seconds since 1970; 0 where /proc/stat does not tell.
double BootTime() {
  double seconds = 0;
  for (const absl::string_view line : absl::StrSplit(Read("/proc/stat"), '\n')) {
    absl::string_view value = line;
    if (absl::ConsumePrefix(&value, "btime ") && absl::SimpleAtod(value, &seconds)) return seconds;
  }
  return 0;
}

size_t OpenFiles() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  const auto count = error ? 0 : std::distance(std::filesystem::begin(files), std::filesystem::end(files));
  return static_cast<size_t>(std::max<ptrdiff_t>(count - 1, 0));  // Without the one that lists them.
}

class ProcessMetrics final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    using prometheus::MetricType;
    std::vector<prometheus::MetricFamily> families;
    const auto add = [&families](const char* name, const char* help, MetricType type, auto value) {
      families.push_back(Family(name, help, type, static_cast<double>(value)));
    };
    add("kindred_build_info", "1, for the build that its labels name", MetricType::Gauge, 1);
    families.back().metric[0].label = {{"version", kVersion}, {"commit", kCommit}};
    if (const auto stat = ParseProcessStat(Read("/proc/self/stat")); stat.has_value()) {
      add("process_cpu_seconds_total", "CPU time used, user and system", MetricType::Counter, stat->cpu_seconds);
      add("process_start_time_seconds", "When the process began, since 1970 UTC", MetricType::Gauge,
          boot_time_ + stat->start_seconds_after_boot);
      add("process_virtual_memory_bytes", "Address space", MetricType::Gauge, stat->virtual_bytes);
      add("process_resident_memory_bytes", "Memory that is resident", MetricType::Gauge, stat->resident_bytes);
    }
    add("kindred_memory_limit_bytes", "Memory that the process may take: its cgroup's limit or the machine's memory",
        MetricType::Gauge, MemoryLimitBytes());
    add("process_open_fds", "Open files and connections", MetricType::Gauge, OpenFiles());
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    add("process_max_fds", "Most that may be open", MetricType::Gauge, files.rlim_cur);
    return families;
  }

 private:
  const double boot_time_ = BootTime();
};

}  // namespace

std::optional<ProcessStat> ParseProcessStat(absl::string_view stat) {
  // The second field is the program's name in parentheses, which may hold spaces and parentheses.
  const size_t name_end = stat.rfind(')');
  if (name_end == absl::string_view::npos) return std::nullopt;
  const std::vector<absl::string_view> fields = absl::StrSplit(stat.substr(name_end + 1), ' ', absl::SkipEmpty());
  constexpr size_t kUserTicks = 11, kSystemTicks = 12, kStartTicks = 19, kVirtualBytes = 20, kResidentPages = 21;
  if (fields.size() <= kResidentPages) return std::nullopt;
  const auto number = [&fields](size_t field) {
    uint64_t value = 0;
    return absl::SimpleAtoi(fields[field], &value) ? value : 0;
  };
  const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return ProcessStat{.cpu_seconds = static_cast<double>(number(kUserTicks) + number(kSystemTicks)) / ticks,
                     .start_seconds_after_boot = static_cast<double>(number(kStartTicks)) / ticks,
                     .virtual_bytes = number(kVirtualBytes),
                     .resident_bytes = number(kResidentPages) * static_cast<uint64_t>(::getpagesize())};
}

std::shared_ptr<prometheus::Collectable> MakeProcessMetrics() { return std::make_shared<ProcessMetrics>(); }

}  // namespace kindred
