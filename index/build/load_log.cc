#include "index/build/load_log.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "common/machine_limits.h"
#include "common/parallel_for.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

// What one thread read.
struct Part {
  uint64_t events = 0, before_window = 0;
  int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
};

// Reads batches on several threads, each into its own part of the tables.
class Loader {
 public:
  Loader(EventReader* reader, const EventTableBuilder* builder, int64_t not_before_ms, Progress* progress)
      : reader_(reader), builder_(builder), not_before_ms_(not_before_ms), progress_(progress) {}

  // Until the log's end, or a failure of this or another thread.
  void Run(EventTableBuilder::Shard* shard, Part& part, bool tells_progress) {
    EventBatch batch;
    while (!failed_) {
      const absl::StatusOr<bool> more = reader_->NextBatch(batch);
      if (!more.ok()) return Fail(more.status());
      if (!*more) return;
      const absl::Status added = Add(batch, shard, part);
      if (!added.ok()) return Fail(added);
      events_.fetch_add(batch.events.size(), std::memory_order_relaxed);
      if (tells_progress) Tell();
    }
  }

  absl::Status status() const {
    const absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  void Tell() const {
    const auto all = static_cast<double>(reader_->bytes_total().value_or(0));
    progress_->Update(events_.load(std::memory_order_relaxed), "events",
                      all > 0 ? static_cast<double>(reader_->bytes_read()) / all : 0);
  }

  absl::Status Add(EventBatch& batch, EventTableBuilder::Shard* shard, Part& part) const {
    if (not_before_ms_ > INT64_MIN) {
      part.before_window +=
          std::erase_if(batch.events, [&](const SearchEvent& event) { return event.time_ms < not_before_ms_; });
    }
    part.events += batch.events.size();
    for (const SearchEvent& event : batch.events) {
      part.first_ms = std::min(part.first_ms, event.time_ms);
      part.last_ms = std::max(part.last_ms, event.time_ms);
    }
    RETURN_IF_ERROR(shard->Add(batch.events));
    return builder_->status();  // A full disk is told of at once, not when the log is read.
  }

  void Fail(const absl::Status& status) {
    const absl::MutexLock lock(&mutex_);
    if (status_.ok()) status_ = status;
    failed_ = true;
  }

  EventReader* const reader_;
  const EventTableBuilder* const builder_;
  const int64_t not_before_ms_;
  Progress* const progress_;
  std::atomic<bool> failed_{false};
  std::atomic<uint64_t> events_{0};  // So far, with those before the window.
  mutable absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<LoadedLog> LoadLog(const LogOptions& options, const Resources& resources, Progress& progress,
                                  TableDetail detail) {
  progress.Stage("read");
  ASSIGN_OR_RETURN(const std::unique_ptr<EventReader> reader, EventReader::Open(options));
  EventTableBuilder builder(resources.Spill(), detail);
  std::vector<EventTableBuilder::Shard*> shards;
  for (uint32_t i = 0; i < resources.threads; ++i) shards.push_back(builder.NewShard());
  std::vector<Part> parts(resources.threads);
  const int64_t not_before_ms = options.not_before.has_value() ? absl::ToUnixMillis(*options.not_before) : INT64_MIN;
  Loader loader(reader.get(), &builder, not_before_ms, &progress);
  ParallelFor(resources.threads, resources.threads,
              [&](uint32_t worker, size_t i) { loader.Run(shards[i], parts[i], worker == 0); });
  RETURN_IF_ERROR(loader.status());

  Part all;
  for (const Part& part : parts) {
    all.events += part.events;
    all.before_window += part.before_window;
    all.first_ms = std::min(all.first_ms, part.first_ms);
    all.last_ms = std::max(all.last_ms, part.last_ms);
  }
  LoadedLog loaded;
  loaded.rows = reader->report();
  loaded.dropped = builder.dropped();
  if (all.before_window > 0) loaded.dropped[kBeforeWindow] = all.before_window;
  loaded.markets = builder.Finish();
  if (loaded.markets.empty()) {
    const absl::Status nothing = NoUsableSearch(absl::StrJoin(options.inputs, ", "), loaded.rows, loaded.dropped);
    if (all.before_window == 0) return nothing;
    return absl::InvalidArgumentError(absl::StrCat(nothing.message(), "; a longer --window takes them"));
  }
  loaded.first_event_ms = all.first_ms;
  loaded.last_event_ms = all.last_ms;
  progress.Done(absl::StrCat(loaded.rows.rows, " rows, ", all.events, " events"));
  return loaded;
}

std::string FormatRows(const LoadedLog& log) {
  std::string text;
  for (const std::string& line : ReportLines(log.rows)) absl::StrAppend(&text, line, "\n");
  for (const auto& [reason, events] : log.dropped) {
    absl::StrAppend(&text, "left out: ", reason, ": ", events, " events\n");
  }
  return text;
}

std::string FormatMemory(const LoadedLog& log, const Resources& resources) {
  return absl::StrFormat("memory: %d MiB at most, of %d (--memory_budget); %d MiB went through --temp_dir\n",
                         PeakMemoryBytes() >> 20, resources.memory_budget_bytes >> 20,
                         log.markets.front().pool()->bytes_written() >> 20);
}

}  // namespace kindred
