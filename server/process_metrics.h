// What Prometheus is told of the process: the metrics that every Prometheus client library names alike, the memory that
// it may take, and which build it is.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace prometheus {
class Collectable;
}

namespace kindred {

// Thread-safe. Reads /proc and /sys/fs/cgroup at each Collect(); what cannot be read there is left out.
std::shared_ptr<prometheus::Collectable> MakeProcessMetrics();

// What process_metrics.cc takes from the kernel's files.
struct ProcessStat {
  double cpu_seconds = 0;
  double start_seconds_after_boot = 0;
  uint64_t virtual_bytes = 0;
  uint64_t resident_bytes = 0;
};
// Reads the text of /proc/self/stat; nothing where it is cut short.
std::optional<ProcessStat> ParseProcessStat(absl::string_view stat);

}  // namespace kindred
