#include "common/machine_limits.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kindred {
namespace {

// A limit as a group's folder tells it; UINT64_MAX: none.
using ReadLimit = uint64_t(const std::string& folder);

// The numbers that a file begins with; UINT64_MAX in place of another word ("max") and of what is missing.
std::array<uint64_t, 2> NumbersIn(const std::string& path) {
  std::ifstream file(path);
  std::array<uint64_t, 2> numbers = {UINT64_MAX, UINT64_MAX};
  for (uint64_t& number : numbers) {
    if (std::string word; !(file >> word) || !absl::SimpleAtoi(word, &number)) number = UINT64_MAX;
  }
  return numbers;
}

uint64_t MemoryLimit2(const std::string& folder) { return NumbersIn(folder + "/memory.max")[0]; }
uint64_t MemoryLimit1(const std::string& folder) { return NumbersIn(folder + "/memory.limit_in_bytes")[0]; }

// So much processor time in each period, as thousandths of a processor.
uint64_t Thousandths(uint64_t quota, uint64_t period) {
  if (quota == UINT64_MAX || period == UINT64_MAX || period == 0) return UINT64_MAX;
  return std::max<uint64_t>(1, quota * 1000 / period);
}
uint64_t CpuLimit2(const std::string& folder) {
  const auto [quota, period] = NumbersIn(folder + "/cpu.max");
  return Thousandths(quota, period);
}
uint64_t CpuLimit1(const std::string& folder) {
  return Thousandths(NumbersIn(folder + "/cpu.cfs_quota_us")[0], NumbersIn(folder + "/cpu.cfs_period_us")[0]);
}
double Processors(uint64_t thousandths) {
  if (thousandths == UINT64_MAX) return std::numeric_limits<double>::infinity();
  return static_cast<double>(thousandths) / 1000;
}

// The limit that a group and those that it is in have.
uint64_t LimitUpwards(const std::string& root, std::string group, ReadLimit read) {
  uint64_t limit = UINT64_MAX;
  for (;; group.resize(group.rfind('/'))) {
    limit = std::min(limit, read(absl::StrCat(root, group)));
    if (group.rfind('/') == std::string::npos) return limit;
  }
}

constexpr char kRoot[] = "/sys/fs/cgroup";

rusage Use() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return used;
}

// Of the groups that this process is in, "/a/b", by the lines "hierarchy:controllers:path" of /proc/self/cgroup.
uint64_t LimitOfOwnGroup(absl::string_view controller, ReadLimit read2, ReadLimit read1) {
  std::ifstream file("/proc/self/cgroup");
  uint64_t limit = UINT64_MAX;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (parts.size() < 3) continue;
    const std::vector<absl::string_view> controllers = absl::StrSplit(parts[1], ',');
    if (parts[0] == "0") {
      limit = std::min(limit, LimitUpwards(kRoot, parts[2], read2));
    } else if (std::find(controllers.begin(), controllers.end(), controller) != controllers.end()) {
      limit = std::min(limit, LimitUpwards(absl::StrCat(kRoot, "/", controller), parts[2], read1));
    }
  }
  return limit;
}

}  // namespace

uint64_t ControlGroupLimitBytes(const std::string& root) {
  return std::min(MemoryLimit2(root), MemoryLimit1(root + "/memory"));
}

uint64_t MemoryLimitBytes() {
  const auto machine = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return std::min({machine, ControlGroupLimitBytes(kRoot), LimitOfOwnGroup("memory", MemoryLimit2, MemoryLimit1)});
}

double ControlGroupProcessors(const std::string& root) {
  return Processors(std::min(CpuLimit2(root), CpuLimit1(root + "/cpu")));
}

double ProcessorLimit() {
  cpu_set_t usable;
  double processors = std::max(1u, std::thread::hardware_concurrency());
  if (sched_getaffinity(0, sizeof(usable), &usable) == 0) processors = CPU_COUNT(&usable);
  return std::min(
      {processors, ControlGroupProcessors(kRoot), Processors(LimitOfOwnGroup("cpu", CpuLimit2, CpuLimit1))});
}

uint32_t CoreLimit() { return static_cast<uint32_t>(std::ceil(ProcessorLimit())); }

uint64_t PeakMemoryBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (uint64_t kib = 0; word == "VmHWM:" && status >> kib) return kib << 10;
  }
  return static_cast<uint64_t>(Use().ru_maxrss) << 10;
}

absl::Duration ProcessorTime() {
  const rusage used = Use();
  return absl::DurationFromTimeval(used.ru_utime) + absl::DurationFromTimeval(used.ru_stime);
}

absl::StatusOr<uint64_t> ParseBytes(absl::string_view text) {
  size_t digits = 0;
  while (digits < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[digits]))) ++digits;
  uint64_t number = 0;
  const std::string unit = absl::AsciiStrToLower(text.substr(digits));
  constexpr absl::string_view kPrefixes = "kmgt";
  uint64_t factor = unit.empty() || unit == "b" ? 1 : 0;
  uint64_t decimal = 1, binary = 1;
  for (const char prefix : kPrefixes) {
    decimal *= 1000;
    binary *= 1024;
    if (unit == absl::StrCat(std::string(1, prefix), "b")) factor = decimal;
    if (unit == absl::StrCat(std::string(1, prefix), "ib")) factor = binary;
  }
  if (!absl::SimpleAtoi(text.substr(0, digits), &number) || number == 0 || factor == 0 ||
      number > UINT64_MAX / factor) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no size; give one such as 512MiB or 2GiB"));
  }
  return number * factor;
}

bool AbslParseFlag(absl::string_view text, ByteSize* size, std::string* /*error*/) {
  const absl::StatusOr<uint64_t> bytes = text == "0" ? 0 : ParseBytes(text);
  if (bytes.ok()) size->bytes = *bytes;
  return bytes.ok();
}

std::string AbslUnparseFlag(ByteSize size) {
  const bool is_mib = size.bytes > 0 && size.bytes % (1 << 20) == 0;
  return is_mib ? absl::StrCat(size.bytes >> 20, "MiB") : absl::StrCat(size.bytes);
}

}  // namespace kindred
