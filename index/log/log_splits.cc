#include "index/log/log_splits.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/status_macros.h"
#include "index/log/block_reader.h"
#include "index/log/byte_source.h"
#include "index/log/gzip_source.h"
#include "index/log/log_format.h"
#include "index/log/zstd_source.h"

namespace kindred {
namespace {

constexpr size_t kBeginningBytes = 64 << 10;

absl::StatusOr<LogFormat> FormatOf(const LogOptions& options, const std::string& path) {
  if (options.format != LogFormat::kAuto) return options.format;
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenByteSource(path));
  BlockReader reader(std::move(source), kBeginningBytes);
  ASSIGN_OR_RETURN(const absl::string_view beginning, reader.Peek(kBeginningBytes));
  return DetectFormat(path, beginning);
}

absl::StatusOr<bool> IsCompressed(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> source, OpenLineRange(path, {}, true));
  char bytes[16];
  ASSIGN_OR_RETURN(const size_t n, source->Read(absl::MakeSpan(bytes)));
  const absl::string_view beginning(bytes, n);
  return IsGzip(beginning) || IsZstd(beginning);
}

}  // namespace

absl::StatusOr<std::vector<LogSplit>> PlanSplits(const LogOptions& options, uint64_t split_bytes) {
  std::vector<LogSplit> splits;
  LogSplit ubi, small;
  uint64_t small_bytes = 0;
  for (size_t i = 0; i < options.inputs.size(); ++i) {
    const std::string& path = options.inputs[i];
    if (path == "-") return absl::InvalidArgumentError("standard input cannot be cut; name files");
    LogOptions one = options;
    one.inputs = {path};
    RETURN_IF_ERROR(EventReader::Open(one).status());
    ASSIGN_OR_RETURN(const LogFormat format, FormatOf(options, path));
    if (format == LogFormat::kUbi) {
      ubi.inputs.push_back(i);
      continue;
    }
    ASSIGN_OR_RETURN(const bool compressed, IsCompressed(path));
    const bool by_lines = format == LogFormat::kTsv || format == LogFormat::kNdjson;
    const uint64_t bytes = InputSize(path).value_or(0);
    const uint64_t parts = compressed || !by_lines ? 1 : (bytes + split_bytes - 1) / split_bytes;
    if (parts <= 1) {
      if (!small.inputs.empty() && small_bytes + bytes > split_bytes) {
        splits.push_back(std::exchange(small, {}));
        small_bytes = 0;
      }
      small.inputs.push_back(i);
      small_bytes += bytes;
    }
    for (uint64_t part = 0; parts > 1 && part < parts; ++part) {
      splits.push_back(
          {{i}, ByteRange{bytes / parts * part, part + 1 < parts ? bytes / parts * (part + 1) : UINT64_MAX}});
    }
  }
  if (!small.inputs.empty()) splits.push_back(std::move(small));
  if (!ubi.inputs.empty()) splits.push_back(std::move(ubi));
  return splits;
}

}  // namespace kindred
