// What this process may use of the machine, what it has used, and how people write sizes.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kindred {

// What this process may use: the machine's memory, or its control group's limit where that is lower (version 1 and 2).
uint64_t MemoryLimitBytes();
// Of control groups as they are mounted at `root`, "/sys/fs/cgroup"; UINT64_MAX: no limit.
uint64_t ControlGroupLimitBytes(const std::string& root);

// The processors that this process may use, or its control group's share of them where that is lower (version 1 and
// 2), such as 1.5. Above 0.
double ProcessorLimit();
// How many threads can run at once: the same, rounded up.
uint32_t CoreLimit();
// Of control groups as they are mounted at `root`; infinite: no limit.
double ControlGroupProcessors(const std::string& root);

// The most memory that this program has held at once; where /proc tells, without what the process held that began it.
uint64_t PeakMemoryBytes();
// Processor time of all of its threads.
absl::Duration ProcessorTime();

// "512MiB", "2GB", "1048576": a number with B, KB, MB, GB, TB (powers of 1,000), KiB, MiB, GiB, TiB, or nothing for
// bytes; letters of either case. InvalidArgument: anything else, or 0.
absl::StatusOr<uint64_t> ParseBytes(absl::string_view text);

// A flag's type: as ParseBytes() takes it, or 0.
struct ByteSize {
  uint64_t bytes = 0;
};
bool AbslParseFlag(absl::string_view text, ByteSize* size, std::string* error);
std::string AbslUnparseFlag(ByteSize size);

}  // namespace kindred
