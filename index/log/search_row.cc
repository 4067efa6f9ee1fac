#include "index/log/search_row.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "index/log/time_parser.h"

namespace kindred {
namespace {

// Space and what is below it; a value that neither begins nor ends with one needs no trimming.
bool MayBeSpace(char c) { return static_cast<unsigned char>(c) <= ' '; }

ABSL_ATTRIBUTE_ALWAYS_INLINE inline absl::string_view Trim(absl::string_view text) {
  if (text.empty() || (!MayBeSpace(text.front()) && !MayBeSpace(text.back()))) return text;
  return absl::StripAsciiWhitespace(text);
}

bool IsUtf8(absl::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= 8; at += 8) {  // Most queries are ASCII, and short.
    uint64_t eight;
    std::memcpy(&eight, at, 8);
    if ((eight & 0x8080808080808080) != 0) return simdjson::validate_utf8(text.data(), text.size());
  }
  for (; at != end; ++at) {
    if ((*at & 0x80) != 0) return simdjson::validate_utf8(text.data(), text.size());
  }
  return true;
}

// OptionalValue(), which several values of every row are asked for.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline absl::string_view Optional(absl::string_view text) {
  text = Trim(text);
  if (text.size() > 4) return text;  // As nearly all are.
  return text == "NULL" || text == "\\N" ? absl::string_view() : text;
}

// "12", or "12.0" as data frames write whole numbers of a column with gaps.
std::optional<uint64_t> ParseHits(absl::string_view text) {
  if (absl::EndsWith(text, ".0")) text.remove_suffix(2);
  uint64_t hits = 0;
  if (!absl::SimpleAtoi(text, &hits)) return std::nullopt;
  return hits;
}

// Calls add(members of the event in their order) where the row gives one; else it is false, and `refusal` says why.
template <typename Add>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool Judge(const SearchRow& row, int64_t latest_ms, bool is_utf8,
                                               RowRefusal& refusal, Add add) {
  const auto refuse = [&](RowRefusal::Kind kind, absl::string_view reason, absl::string_view value) {
    refusal = {kind, reason, value};
    return false;
  };
  constexpr auto kBad = RowRefusal::Kind::kBad, kSkipped = RowRefusal::Kind::kSkipped;
  absl::string_view user = Optional(row[Role::kUser]);
  if (user.empty()) user = Optional(row[Role::kSession]);
  if (user.empty()) return refuse(kBad, "missing user", "");
  const absl::string_view time = Trim(row[Role::kTime]);
  if (time.empty()) return refuse(kBad, "missing time", "");
  const int64_t time_ms = TimeMsOrNone(time);
  if (time_ms == kNoTimeMs) return refuse(kBad, "time", time);
  if (time_ms > latest_ms) return refuse(kBad, "time in the future", time);
  const absl::string_view query = row[Role::kQuery];
  if (!is_utf8 && !IsUtf8(query)) return refuse(kBad, "not UTF-8", query);
  const absl::string_view market = Optional(row[Role::kMarket]);
  if (!is_utf8 && !IsUtf8(market)) return refuse(kBad, "not UTF-8", market);
  if (market.size() > kMaxMarketNameBytes) return refuse(kBad, "market too long", market);
  if (std::any_of(market.begin(), market.end(), absl::ascii_iscntrl)) {
    return refuse(kBad, "market with a control character", market);
  }
  if (Optional(query).empty()) return refuse(kSkipped, "empty query", "");
  if (query.size() > kMaxTypedBytes) return refuse(kSkipped, "query too long", query);
  absl::string_view item = Optional(row[Role::kItem]);
  Action action = item.empty() ? Action::kSearch : Action::kClick;
  if (const absl::string_view name = Optional(row[Role::kAction]); !name.empty()) {
    const std::optional<Action> named = ParseAction(name);
    if (!named.has_value()) return refuse(kSkipped, kOtherAction, name);
    // A click on nothing tells of its search only, and what a search stands beside was not clicked.
    if (*named == Action::kSearch) item = absl::string_view();
    action = item.empty() ? Action::kSearch : *named;
  }
  const absl::string_view hits = Optional(row[Role::kHits]);
  add(user, query, market, item, time_ms, action, hits.empty() ? std::nullopt : ParseHits(hits));
  return true;
}

}  // namespace

std::optional<Action> ParseAction(absl::string_view name) {
  // As most logs write them; in a log with actions this runs for every row.
  static constexpr std::pair<absl::string_view, Action> kUsual[] = {
      {"search", Action::kSearch}, {"click", Action::kClick}, {"cart", Action::kCart}, {"purchase", Action::kPurchase}};
  // Without case and punctuation: "add_to_cart", "Add To Cart" and "addToCart" are one.
  static const auto* const kActions = new absl::flat_hash_map<std::string, Action>{
      {"search", Action::kSearch},
      {"query", Action::kSearch},
      {"onsearch", Action::kSearch},
      {"viewsearchresults", Action::kSearch},
      {"searchresults", Action::kSearch},
      {"click", Action::kClick},
      {"clicked", Action::kClick},
      {"clickthrough", Action::kClick},
      {"productclick", Action::kClick},
      {"itemclick", Action::kClick},
      {"resultclick", Action::kClick},
      {"view", Action::kClick},
      {"productview", Action::kClick},
      {"itemview", Action::kClick},
      {"viewitem", Action::kClick},
      {"viewproduct", Action::kClick},
      {"detailview", Action::kClick},
      {"cart", Action::kCart},
      {"addtocart", Action::kCart},
      {"atc", Action::kCart},
      {"basket", Action::kCart},
      {"addtobasket", Action::kCart},
      {"purchase", Action::kPurchase},
      {"purchased", Action::kPurchase},
      {"productpurchase", Action::kPurchase},
      {"buy", Action::kPurchase},
      {"order", Action::kPurchase},
      {"transaction", Action::kPurchase},
  };
  for (const auto& [usual, action] : kUsual) {
    if (name == usual) return action;
  }
  std::string plain;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) plain.push_back(absl::ascii_tolower(c));
  }
  const auto found = kActions->find(plain);
  if (found == kActions->end()) return std::nullopt;
  return found->second;
}

absl::string_view OptionalValue(absl::string_view text) { return Optional(text); }

bool JudgeRowInto(const SearchRow& row, int64_t latest_ms, bool is_utf8, std::vector<SearchEvent>& events,
                  RowRefusal& refusal) {
  return Judge(row, latest_ms, is_utf8, refusal, [&](const auto&... members) { events.emplace_back(members...); });
}

RowVerdict JudgeRow(const SearchRow& row, int64_t latest_ms) {
  RowVerdict verdict;
  Judge(row, latest_ms, false, verdict, [&](const auto&... members) { verdict.event = SearchEvent(members...); });
  return verdict;
}

}  // namespace kindred
