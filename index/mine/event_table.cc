#include "index/mine/event_table.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/status_macros.h"
#include "index/mine/query_screen.h"
#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace kindred {
namespace {

constexpr uint32_t kDropped = UINT32_MAX;

// Strings by id in order of arrival. Ids become byte-ordered at the end, by Ranks().
class Dictionary {
 public:
  // The string's id, and whether it is new.
  std::pair<uint32_t, bool> Intern(absl::string_view text) {
    const auto [it, inserted] = ids_.try_emplace(text, static_cast<uint32_t>(ids_.size()));
    return {it->second, inserted};
  }
  size_t size() const { return ids_.size(); }
  // The strings in byte order, and the place in that order of each id.
  std::pair<std::vector<absl::string_view>, std::vector<uint32_t>> Sorted() const {
    std::vector<std::pair<absl::string_view, uint32_t>> entries(ids_.begin(), ids_.end());
    std::sort(entries.begin(), entries.end());
    std::vector<absl::string_view> strings(entries.size());
    std::vector<uint32_t> rank(entries.size());
    for (uint32_t i = 0; i < entries.size(); ++i) {
      strings[i] = entries[i].first;
      rank[entries[i].second] = i;
    }
    return {std::move(strings), std::move(rank)};
  }

 private:
  absl::flat_hash_map<std::string, uint32_t> ids_;
};

Found FoundOf(const SearchEvent& event) {
  if (!event.hits.has_value()) return Found::kUnknown;
  return *event.hits == 0 ? Found::kNothing : Found::kSomething;
}

// White space and control characters as one space; characters that show nothing (zero width, directions, byte order
// mark) dropped.
std::string DisplayForm(absl::string_view raw) {
  std::string display;
  for (int32_t i = 0; i < static_cast<int32_t>(raw.size());) {
    const int32_t begin = i;
    UChar32 c;
    U8_NEXT(raw.data(), i, static_cast<int32_t>(raw.size()), c);
    if (c < 0 || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) continue;
    if (u_iscntrl(c) || u_isUWhiteSpace(c)) {
      display += ' ';
    } else {
      display.append(raw.data() + begin, i - begin);
    }
  }
  absl::RemoveExtraAsciiWhitespace(&display);
  return display;
}

void SortDistinct(std::vector<EventRow>& rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

// Numbers the ids that occur, in their order: new_id[old] or kDropped.
class Compactor {
 public:
  explicit Compactor(size_t size) : new_id_(size, kDropped) {}
  void Use(uint32_t id) { new_id_[id] = 0; }
  uint32_t Number() {
    uint32_t next = 0;
    for (uint32_t& id : new_id_) {
      if (id != kDropped) id = next++;
    }
    return next;
  }
  uint32_t operator[](uint32_t old) const { return new_id_[old]; }

 private:
  std::vector<uint32_t> new_id_;
};

}  // namespace

std::optional<QueryId> EventTable::Find(const NormalizedQuery& query) const {
  const auto found = std::lower_bound(queries.begin(), queries.end(), query);
  if (found == queries.end() || *found != query) return std::nullopt;
  return static_cast<QueryId>(found - queries.begin());
}

EventTable EventTable::Between(int64_t from_ms, int64_t to_ms) const {
  EventTable result;
  result.market = market;
  Compactor user(users), item(items), spelling(spellings.size()), query(queries.size());
  for (const EventRow& row : rows) {
    if (row.time_ms < from_ms || row.time_ms >= to_ms) continue;
    result.rows.push_back(row);
    user.Use(row.user);
    if (row.item != kNoItem) item.Use(row.item);
    spelling.Use(row.spelling);
    query.Use(query_of(row));
  }
  result.users = user.Number();
  result.items = item.Number();
  spelling.Number();
  query.Number();
  for (EventRow& row : result.rows) {
    row.user = user[row.user];
    row.spelling = spelling[row.spelling];
    if (row.item != kNoItem) row.item = item[row.item];
  }
  for (uint32_t i = 0; i < spellings.size(); ++i) {
    if (spelling[i] != kDropped) result.spellings.push_back({spellings[i].display, query[spellings[i].query]});
  }
  for (uint32_t i = 0; i < queries.size(); ++i) {
    if (query[i] != kDropped) result.queries.push_back(queries[i]);
  }
  return result;
}

struct EventTableBuilder::Market {
  Dictionary users, raws, items, displays, queries;
  // By id in `raws`: its display form and query; kDropped and why, where it is left out.
  struct Raw {
    uint32_t display = kDropped;
    std::string reason;
  };
  std::vector<Raw> raw;
  std::vector<NormalizedQuery> normalized;  // By id in `queries`.
  std::vector<uint32_t> query_of_display;   // By id in `displays`.
  std::vector<EventRow> rows;               // `spelling` holds an id in `displays`.

  void AddRaw(absl::string_view text);
  EventTable Finish(const std::string& name);
};

// A display form is the key of its query in every list, so two queries must not share one: where it does not normalize
// to the query that was typed, the normal form itself is shown.
void EventTableBuilder::Market::AddRaw(absl::string_view text) {
  Raw& entry = raw.emplace_back();
  if (const ScreenReason reason = ScreenQuery(text); reason != ScreenReason::kNone) {
    entry.reason = std::string(ScreenReasonName(reason));
    return;
  }
  absl::StatusOr<NormalizedQuery> query = NormalizeQuery(text);
  if (!query.ok()) {
    entry.reason = "not UTF-8, or too long";
    return;
  }
  if (query->empty()) {
    entry.reason = "nothing but punctuation";
    return;
  }
  std::string display = DisplayForm(text);
  if (const auto shown = NormalizeQuery(display); !shown.ok() || *shown != *query) display = std::string(query->text());
  const auto [query_id, new_query] = queries.Intern(query->text());
  if (new_query) normalized.push_back(*std::move(query));
  // A normal form holds no control character: the key sorts by (query, display).
  const auto [display_id, new_display] =
      displays.Intern(absl::StrCat(normalized[query_id].text(), absl::string_view("\0", 1), display));
  if (new_display) query_of_display.push_back(query_id);
  entry.display = display_id;
}

EventTable EventTableBuilder::Market::Finish(const std::string& name) {
  EventTable table;
  table.market = name;
  const auto [user_names, user_rank] = users.Sorted();
  const auto [item_names, item_rank] = items.Sorted();
  const auto [query_texts, query_rank] = queries.Sorted();
  const auto [display_texts, display_rank] = displays.Sorted();
  table.users = static_cast<uint32_t>(user_names.size());
  table.items = static_cast<uint32_t>(item_names.size());
  table.queries.resize(normalized.size());
  for (uint32_t i = 0; i < normalized.size(); ++i) table.queries[query_rank[i]] = std::move(normalized[i]);
  table.spellings.resize(display_texts.size());
  for (uint32_t i = 0; i < display_texts.size(); ++i) {
    table.spellings[display_rank[i]].query = query_rank[query_of_display[i]];
    table.spellings[i].display = std::string(display_texts[i].substr(display_texts[i].find('\0') + 1));
  }
  table.rows = std::move(rows);
  for (EventRow& row : table.rows) {
    row.user = user_rank[row.user];
    row.spelling = display_rank[row.spelling];
    if (row.item != kNoItem) row.item = item_rank[row.item];
  }
  SortDistinct(table.rows);
  return table;
}

EventTableBuilder::EventTableBuilder() = default;
EventTableBuilder::EventTableBuilder(EventTableBuilder&&) = default;
EventTableBuilder::~EventTableBuilder() = default;

EventTableBuilder::Market& EventTableBuilder::MarketOf(absl::string_view name) {
  auto it = markets_.find(name);
  if (it == markets_.end()) it = markets_.emplace(std::string(name), std::make_unique<Market>()).first;
  return *it->second;
}

absl::Status EventTableBuilder::Add(const SearchEvent& event) {
  Market& market = MarketOf(event.market);
  const auto [raw_id, new_raw] = market.raws.Intern(event.query);
  if (new_raw) market.AddRaw(event.query);
  const Market::Raw& raw = market.raw[raw_id];
  if (raw.display == kDropped) {
    ++dropped_[raw.reason];
    return absl::OkStatus();
  }
  const uint32_t user = market.users.Intern(event.user).first;
  const ItemId item = event.item.empty() ? kNoItem : market.items.Intern(event.item).first;
  if (std::max({market.users.size(), market.items.size(), market.raws.size()}) >= kDropped - 1) {
    return absl::InternalError("the log has more than 4 billion distinct users, queries or products");
  }
  market.rows.push_back({event.time_ms, user, raw.display, item, event.action, FoundOf(event)});
  return absl::OkStatus();
}

std::vector<EventTable> EventTableBuilder::Finish() {
  std::vector<EventTable> tables;
  for (auto& [name, market] : markets_) tables.push_back(market->Finish(name));
  markets_.clear();
  return tables;
}

}  // namespace kindred
