// The sample log in memory: its events, and the tables that they make.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/status_macros.h"
#include "index/build/sample_log.h"
#include "index/log/search_event.h"
#include "index/mine/event_table.h"

namespace kindred::testing {

struct SampleEvents {
  std::unique_ptr<const std::string> text;  // What the events' strings are views of.
  std::vector<SearchEvent> events;          // In order of time.
};

inline Action SampleAction(absl::string_view name) {
  if (name == "click") return Action::kClick;
  if (name == "cart") return Action::kCart;
  return name == "purchase" ? Action::kPurchase : Action::kSearch;
}

// Errors of WriteSampleLog(). Internal: a line that is no row.
inline absl::StatusOr<SampleEvents> MakeSampleEvents(const SampleOptions& options) {
  std::ostringstream out;
  RETURN_IF_ERROR(WriteSampleLog(options, out));
  SampleEvents sample{std::make_unique<const std::string>(out.str()), {}};
  bool header = true;
  for (const absl::string_view line : absl::StrSplit(*sample.text, '\n', absl::SkipEmpty())) {
    if (std::exchange(header, false)) continue;
    const std::vector<absl::string_view> fields = absl::StrSplit(line, '\t');
    absl::Time time;
    std::string error;
    if (fields.size() < 5 || !absl::ParseTime(absl::RFC3339_full, fields[1], &time, &error)) {
      return absl::InternalError("the sample log has a line that is no row");
    }
    sample.events.push_back({.user = fields[0],
                             .query = fields[2],
                             .market = fields.size() > 5 ? fields[5] : absl::string_view(),
                             .item = fields[3],
                             .time_ms = absl::ToUnixMillis(time),
                             .action = SampleAction(fields[4]),
                             .hits = {}});
  }
  return sample;
}

// One table a market. Errors of EventTableBuilder::Add().
inline absl::StatusOr<std::vector<EventTable>> TablesOf(absl::Span<const SearchEvent> events) {
  EventTableBuilder builder;
  for (const SearchEvent& event : events) RETURN_IF_ERROR(builder.Add(event));
  return builder.Finish();
}

}  // namespace kindred::testing
