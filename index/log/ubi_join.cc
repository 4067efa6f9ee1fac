#include "index/log/ubi_join.h"

#include <algorithm>
#include <tuple>

namespace kindred {
void UbiJoin::AddSearch(absl::string_view query_id, const SearchEvent& search) {
  if (query_id.empty()) return;
  Learn(query_id, {search.query, search.market, search.time_ms, true});
}

void UbiJoin::Hold(absl::string_view query_id, const SearchEvent& event, absl::string_view file, uint64_t line) {
  if (files_.empty() || files_.back() != file) files_.emplace_back(file);
  Held held = {texts_.Keep(query_id), event, line, static_cast<uint32_t>(files_.size() - 1)};
  held.event.user = texts_.Keep(event.user);
  held.event.query = texts_.Keep(event.query);
  held.event.item = texts_.Keep(event.item);
  held.event.market = texts_.Keep(event.market);
  held_.push_back(held);
}

std::optional<SearchEvent> UbiJoin::NextHeld(RowTally& tally) {
  if (!learnt_from_search_events_) LearnFromSearchEvents();
  while (next_held_ < held_.size()) {
    std::optional<SearchEvent> event = Settle(held_[next_held_++], tally);
    if (event.has_value()) return event;
  }
  return std::nullopt;
}

// A document tells more than an event. Among equals the least by time and text stands, whatever the order of the log.
void UbiJoin::Learn(absl::string_view query_id, const Search& search) {
  const auto found = searches_.find(query_id);
  if (found == searches_.end()) {
    searches_.emplace(texts_.Keep(query_id), Search{texts_.Keep(search.query), texts_.Keep(search.market),
                                                    search.time_ms, search.is_document});
    return;
  }
  Search& known = found->second;
  if (std::tuple(!search.is_document, search.time_ms, search.query, search.market) >=
      std::tuple(!known.is_document, known.time_ms, known.query, known.market)) {
    return;
  }
  if (known.query != search.query) known.query = texts_.Keep(search.query);
  if (known.market != search.market) known.market = texts_.Keep(search.market);
  known.time_ms = search.time_ms;
  known.is_document = search.is_document;
}

void UbiJoin::LearnFromSearchEvents() {
  learnt_from_search_events_ = true;
  for (const Held& held : held_) {
    if (held.event.action != Action::kSearch || held.query_id.empty()) continue;
    Learn(held.query_id, {held.event.query, held.event.market, held.event.time_ms, false});
  }
}

std::optional<SearchEvent> UbiJoin::Settle(const Held& held, RowTally& tally) {
  const auto found = searches_.find(held.query_id);
  SearchEvent event = held.event;
  if (event.action == Action::kSearch) {
    if (found != searches_.end() && found->second.is_document) {
      Skip(held, "search event of a query that is logged", tally);
      return std::nullopt;
    }
  } else if (found != searches_.end()) {
    // What the event itself says of its query is nearer to the click: some shops keep one id while the shopper edits.
    if (event.query.empty()) event.query = found->second.query;
    if (event.market.empty()) event.market = found->second.market;
    if (event.query == found->second.query) event.time_ms = found->second.time_ms;
  } else if (event.query.empty()) {
    Skip(held, "event of an unknown query_id", tally);
    return std::nullopt;
  }
  tally.SettleEventRow();
  return event;
}

void UbiJoin::Skip(const Held& held, absl::string_view reason, RowTally& tally) {
  tally.SettleSkipped(reason, files_[held.file], held.line, held.query_id);
}

}  // namespace kindred
