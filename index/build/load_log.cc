#include "index/build/load_log.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"

namespace kindred {

absl::StatusOr<LoadedLog> LoadLog(const LogOptions& options, const Resources& resources, Progress& progress) {
  progress.Stage("read");
  ASSIGN_OR_RETURN(const std::unique_ptr<EventReader> reader, EventReader::Open(options));
  EventTableBuilder builder(resources.Spill());
  LoadedLog loaded;
  uint64_t events = 0, before_window = 0;
  const int64_t not_before_ms = options.not_before.has_value() ? absl::ToUnixMillis(*options.not_before) : INT64_MIN;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<SearchEvent> event, reader->Next());
    if (!event.has_value()) break;
    if (event->time_ms < not_before_ms) {
      ++before_window;
      continue;
    }
    loaded.first_event_ms = events == 0 ? event->time_ms : std::min(loaded.first_event_ms, event->time_ms);
    loaded.last_event_ms = events == 0 ? event->time_ms : std::max(loaded.last_event_ms, event->time_ms);
    RETURN_IF_ERROR(builder.Add(*event));
    if (++events % 65536 == 0) progress.Update(reader->bytes_read(), reader->bytes_total().value_or(0), "bytes");
  }
  loaded.rows = reader->report();
  RETURN_IF_ERROR(builder.status());
  loaded.dropped = builder.dropped();
  if (before_window > 0) loaded.dropped["before the window"] = before_window;
  loaded.markets = builder.Finish();
  if (loaded.markets.empty()) {
    std::vector<std::string> reasons;
    for (const auto& [reason, skipped] : loaded.rows.skipped)
      reasons.push_back(absl::StrCat(reason, ": ", skipped.rows));
    for (const auto& [reason, left_out] : loaded.dropped) reasons.push_back(absl::StrCat(reason, ": ", left_out));
    return absl::InvalidArgumentError(absl::StrCat("no usable search in ", absl::StrJoin(options.inputs, ", "), ": ",
                                                   loaded.rows.rows, " rows gave ", events,
                                                   " events; left out: ", absl::StrJoin(reasons, ", ")));
  }
  progress.Done(absl::StrCat(loaded.rows.rows, " rows, ", events, " events"));
  return loaded;
}

}  // namespace kindred
