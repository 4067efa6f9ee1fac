#include "common/memory_limit.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace kindred {
namespace {

// The number that a file holds; UINT64_MAX: another word ("max"), or no such file.
uint64_t NumberIn(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  uint64_t number = 0;
  return file >> word && absl::SimpleAtoi(word, &number) ? number : UINT64_MAX;
}

// The limit that a group and those that it is in have.
uint64_t LimitUpwards(const std::string& root, std::string group, const std::string& file) {
  uint64_t limit = UINT64_MAX;
  for (;; group.resize(group.rfind('/'))) {
    limit = std::min(limit, NumberIn(absl::StrCat(root, group, file)));
    if (group.rfind('/') == std::string::npos) return limit;
  }
}

// The groups that this process is in, "/a/b", by the lines "hierarchy:controllers:path" of /proc/self/cgroup.
uint64_t LimitOfOwnGroup(const std::string& root) {
  std::ifstream file("/proc/self/cgroup");
  uint64_t limit = UINT64_MAX;
  for (std::string line; std::getline(file, line);) {
    const size_t controllers = line.find(':'), path = line.find(':', controllers + 1);
    if (path == std::string::npos) continue;
    const std::string group = line.substr(path + 1);
    if (line.substr(0, controllers) == "0") {
      limit = std::min(limit, LimitUpwards(root, group, "/memory.max"));
    } else if (line.substr(controllers + 1, path - controllers - 1) == "memory") {
      limit = std::min(limit, LimitUpwards(root + "/memory", group, "/memory.limit_in_bytes"));
    }
  }
  return limit;
}

}  // namespace

uint64_t ControlGroupLimitBytes(const std::string& root) {
  return std::min(NumberIn(root + "/memory.max"), NumberIn(root + "/memory/memory.limit_in_bytes"));
}

uint64_t MemoryLimitBytes() {
  const std::string root = "/sys/fs/cgroup";
  const auto machine = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return std::min({machine, ControlGroupLimitBytes(root), LimitOfOwnGroup(root)});
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

}  // namespace kindred
