#include "index/build/measurements.h"

#include <fcntl.h>
#include <google/protobuf/util/json_util.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "index/evaluate/held_out.h"
#include "index/evaluate/ranking_metrics.h"
#include "index/evaluate/replay.h"
#include "index/store/files.h"

namespace kindred {
namespace {

using index::v1::Measurement;

constexpr char kFileName[] = "MEASUREMENTS";
constexpr size_t kMaxBytes = 64 << 20;

// Where the file ends, so that lines may follow: a line that a crash cut short gets its end. REQUIRES: it is locked.
absl::StatusOr<off_t> EndOfLines(int file, const std::string& path) {
  const off_t size = ::lseek(file, 0, SEEK_END);
  if (size < 0) return ErrnoStatus(errno, path);
  char last = '\n';
  if (size > 0 && ::pread(file, &last, 1, size - 1) < 0) return ErrnoStatus(errno, path);
  if (last == '\n') return size;
  if (::write(file, "\n", 1) != 1) return ErrnoStatus(errno, path);
  return size + 1;
}

std::string PathIn(const std::string& index_dir) { return absl::StrCat(index_dir, "/", kFileName); }

// What of the log lies in [from_ms, to_ms). nullopt: no pair does.
absl::StatusOr<std::optional<Measurement>> MeasureBetween(const Recommender& recommender, const LoadedLog& log,
                                                          const HistoryOptions& history, int64_t from_ms,
                                                          int64_t to_ms) {
  RankingMetrics metrics;
  for (const EventTable& table : log.markets) {
    ASSIGN_OR_RETURN(const std::vector<HeldOutPair> pairs, HeldOutPairs(table, history, {from_ms, to_ms}));
    ASSIGN_OR_RETURN(const Replay replay, ReplayPairs(recommender, table.market, pairs, kEvaluatedListSize));
    for (size_t i = 0; i < pairs.size(); ++i) {
      metrics.AddTrial(replay.ranks[i], !replay.answer(i).empty());
    }
  }
  if (metrics.trials() == 0) return std::nullopt;
  Measurement measurement;
  measurement.set_version(recommender.reader().info().version());
  measurement.set_from_ms(from_ms);
  measurement.set_to_ms(to_ms);
  measurement.set_trials(metrics.trials());
  *measurement.add_quality() = QualityFigureOf("hit@10", metrics.HitAt(10));
  *measurement.add_quality() = QualityFigureOf("mrr@10", metrics.MrrAt(10));
  *measurement.add_quality() = QualityFigureOf("coverage", metrics.Coverage());
  return measurement;
}

}  // namespace

index::v1::QualityFigure QualityFigureOf(const char* name, const Figure& figure) {
  index::v1::QualityFigure quality;
  quality.set_name(name);
  quality.set_value(figure.value);
  quality.set_standard_error(figure.standard_error);
  return quality;
}

absl::StatusOr<std::vector<Measurement>> MeasureVersion(const Recommender& recommender, const LoadedLog& log,
                                                        const HistoryOptions& history) {
  const int64_t trained_ms = recommender.reader().info().log().last_event_ms();
  const int64_t end_ms = log.last_event_ms + 1;
  std::vector<Measurement> measurements;
  if (trained_ms == 0 || trained_ms + 1 >= end_ms) {
    ASSIGN_OR_RETURN(auto known, MeasureBetween(recommender, log, history, log.first_event_ms, end_ms));
    if (known.has_value()) measurements.push_back(*std::move(known));
  } else {
    const int64_t step_ms = absl::ToInt64Milliseconds(kAgeStep);
    // The first step that the log reaches into: it may begin long after the version was built.
    const int64_t skipped = std::max<int64_t>(0, (log.first_event_ms - trained_ms - 1) / step_ms);
    for (int64_t from_ms = trained_ms + 1 + skipped * step_ms; from_ms < end_ms; from_ms += step_ms) {
      const int64_t to_ms = std::min(from_ms + step_ms, end_ms);
      ASSIGN_OR_RETURN(auto step, MeasureBetween(recommender, log, history, from_ms, to_ms));
      if (!step.has_value()) continue;
      const double middle_ms = static_cast<double>(from_ms) / 2 + static_cast<double>(to_ms) / 2;
      step->set_age_days((middle_ms - static_cast<double>(trained_ms)) / (24 * 3600 * 1000));
      measurements.push_back(*std::move(step));
    }
  }
  if (measurements.empty()) return absl::NotFoundError("nobody searched two things in one session of this log");
  return measurements;
}

absl::Status AppendMeasurements(const std::string& index_dir, absl::Span<const Measurement> measurements) {
  std::string lines;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  for (const Measurement& measurement : measurements) {
    std::string line;
    if (!google::protobuf::util::MessageToJsonString(measurement, &line, options).ok()) {
      return absl::InvalidArgumentError("a measurement's text is not UTF-8");
    }
    absl::StrAppend(&lines, line, "\n");
  }
  const std::string path = PathIn(index_dir);
  ASSIGN_OR_RETURN(const FileDescriptor file, OpenFile(path, O_RDWR | O_APPEND | O_CREAT));
  // Locked, so that what is taken back where the disk is full is nobody else's.
  if (::flock(file.get(), LOCK_EX) != 0) return ErrnoStatus(errno, path);
  ASSIGN_OR_RETURN(const off_t end, EndOfLines(file.get(), path));
  const ssize_t written = ::write(file.get(), lines.data(), lines.size());
  if (written != static_cast<ssize_t>(lines.size())) {
    const absl::Status failure = ErrnoStatus(written < 0 ? errno : ENOSPC, path);
    return ::ftruncate(file.get(), end) == 0 ? failure : ErrnoStatus(errno, path);
  }
  if (::fsync(file.get()) != 0) return ErrnoStatus(errno, path);
  return SyncPath(index_dir);
}

absl::StatusOr<KeptMeasurements> ReadMeasurements(const std::string& index_dir) {
  const absl::StatusOr<std::string> content = ReadFile(PathIn(index_dir), kMaxBytes);
  if (absl::IsNotFound(content.status())) return KeptMeasurements();
  RETURN_IF_ERROR(content.status());
  KeptMeasurements kept;
  std::vector<Measurement>& measurements = kept.measurements;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // Of a newer program.
  for (const absl::string_view line : absl::StrSplit(*content, '\n', absl::SkipEmpty())) {
    Measurement measurement;
    const auto parsed = google::protobuf::util::JsonStringToMessage({line.data(), line.size()}, &measurement, options);
    if (!parsed.ok() || measurement.version() == 0) {
      ++kept.bad_lines;
      continue;
    }
    const auto key = [](const Measurement& m) { return std::tuple(m.version(), m.from_ms(), m.to_ms(), m.trials()); };
    const auto same = std::find_if(measurements.begin(), measurements.end(),
                                   [&](const Measurement& other) { return key(other) == key(measurement); });
    if (same == measurements.end()) {
      measurements.push_back(std::move(measurement));
    } else {
      *same = std::move(measurement);
    }
  }
  return kept;
}

}  // namespace kindred
