#include "index/log/column_map.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "index/log/excerpt.h"

namespace kindred {
namespace {

// Usual names of a role without case and punctuation: those before the bar tell more than those behind it, so that a
// log with query_time and timestamp, or user_id and cookie_id, is no puzzle.
struct UsualNames {
  std::vector<absl::string_view> telling, general;
};

const UsualNames& UsualNamesOf(Role role) {
  static const auto* const kNames = new std::array<UsualNames, kRoles>{{
      {{"userid", "user", "uid", "customerid", "memberid", "shopperid", "buyerid"},
       {"clientid", "visitorid", "visitor", "customer", "member", "shopper", "accountid", "deviceid", "cookieid",
        "cookie", "anonid", "anonymousid", "userhash", "fullvisitorid", "userpseudoid"}},
      {{"sessionid", "session", "searchsessionid"}, {"visitid", "visit", "sid", "sessid"}},
      {{"querytime", "searchtime", "querytimestamp", "searchtimestamp", "searchedat"},
       {"timestamp", "time", "ts", "eventtime", "eventtimestamp", "datetime", "date", "createdat", "createtime",
        "eventdate", "logtime", "timems", "timestampms"}},
      {{"query", "userquery", "searchquery", "querytext", "searchterm", "searchterms", "searchkeyword", "searchphrase",
        "querystring"},
       {"q", "keyword", "keywords", "term", "terms", "searchstring", "searchtext", "search", "kw"}},
      {{"clickedsku", "clickeditem", "clickeditemid", "clickedproduct", "clickedproductid", "clickurl", "clickedurl"},
       {"itemid", "item", "productid", "product", "sku", "skuid", "asin", "objectid", "goodsid", "docid", "listingid",
        "spuid", "eventattributes.object.objectid"}},
      {{"actionname", "eventname", "eventtype", "actiontype"}, {"action", "event"}},
      {{"hits", "hitcount", "resultcount", "numresults", "resultscount", "totalhits", "totalresults", "numberofresults",
        "nresults", "searchresults", "eventattributes.resultcount"},
       {}},
      {{"market", "marketid", "marketplace", "marketplaceid"},
       {"country", "countrycode", "locale", "site", "siteid", "region", "storefront"}},
  }};
  return (*kNames)[static_cast<size_t>(role)];
}

// "User-ID" to "userid"; dots stay, since they part the nested names of NDJSON.
std::string Plain(absl::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || static_cast<unsigned char>(c) >= 0x80) {
      plain.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    }
  }
  return plain;
}

bool IsNumber(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

std::string Listed(absl::Span<const absl::string_view> header) {
  constexpr size_t kShown = 40;
  std::vector<std::string> names;
  for (const absl::string_view name : header.subspan(0, kShown)) {
    names.push_back(Excerpt(name, 40));
  }
  if (header.size() > kShown) names.push_back(absl::StrCat("... ", header.size(), " in all"));
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<size_t> ColumnOfNumber(absl::string_view role, const std::string& text, size_t columns) {
  size_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number == 0 || number > columns) {
    return absl::InvalidArgumentError(
        absl::StrCat("--columns ", role, "=", text, ": the log has columns 1 to ", columns));
  }
  return number - 1;
}

absl::Status NoSuchColumn(absl::Span<const absl::string_view> header, absl::string_view role, const std::string& name) {
  return absl::InvalidArgumentError(
      absl::StrCat("--columns ", role, "=", name, ": no such column; columns found: ", Listed(header)));
}

absl::StatusOr<size_t> ColumnOfName(absl::Span<const absl::string_view> header, absl::string_view role,
                                    const std::string& name) {
  // A name as it stands comes before a like one, and before a number.
  if (const auto exact = std::find(header.begin(), header.end(), name); exact != header.end()) {
    const auto again = std::find(exact + 1, header.end(), name);
    if (again == header.end()) return static_cast<size_t>(exact - header.begin());
    return absl::InvalidArgumentError(absl::StrCat("--columns ", role, "=", name, ": columns ",
                                                   exact - header.begin() + 1, " and ", again - header.begin() + 1,
                                                   " both have this name; write the number of one"));
  }
  const auto like = std::find_if(header.begin(), header.end(),
                                 [&](absl::string_view column) { return Plain(column) == Plain(name); });
  if (like != header.end()) return static_cast<size_t>(like - header.begin());
  if (IsNumber(name)) return ColumnOfNumber(role, name, header.size());
  return NoSuchColumn(header, role, name);
}

// The columns that have one of the names.
std::vector<size_t> Matching(absl::Span<const std::string> plain_header, absl::Span<const absl::string_view> names) {
  std::vector<size_t> matching;
  for (size_t i = 0; i < plain_header.size(); ++i) {
    if (std::find(names.begin(), names.end(), plain_header[i]) != names.end()) matching.push_back(i);
  }
  return matching;
}

// nullopt: none has a usual name. InvalidArgument: several have.
absl::StatusOr<std::optional<size_t>> ColumnByUsualName(absl::Span<const absl::string_view> header,
                                                        absl::Span<const std::string> plain_header, Role role) {
  const UsualNames& names = UsualNamesOf(role);
  std::vector<size_t> matching = Matching(plain_header, names.telling);
  if (matching.empty()) matching = Matching(plain_header, names.general);
  if (matching.empty()) return std::nullopt;
  if (matching.size() == 1) return matching[0];
  const absl::string_view role_name = kRoleNames[static_cast<size_t>(role)];
  const absl::string_view first = header[matching[0]], second = header[matching[1]];
  const std::string choice = first == second ? absl::StrCat(matching[0] + 1, ", its number") : std::string(first);
  return absl::InvalidArgumentError(absl::StrCat("columns ", first, " and ", second, " may both be the ", role_name,
                                                 "; choose with --columns ", role_name, "=", choice,
                                                 "; columns found: ", Listed(header)));
}

absl::Status CheckNeeded(const ColumnMap& map, const std::string& found) {
  std::vector<std::string> missing, write;
  if (!map[Role::kUser].has_value() && !map[Role::kSession].has_value()) missing.push_back("user");
  if (!map[Role::kTime].has_value()) missing.push_back("time");
  if (!map[Role::kQuery].has_value()) missing.push_back("query");
  if (missing.empty()) return absl::OkStatus();
  for (const std::string& role : missing) write.push_back(absl::StrCat(role, "=NAME"));
  return absl::InvalidArgumentError(absl::StrCat("no column for ", absl::StrJoin(missing, ", "), "; ", found,
                                                 "; write --columns ", absl::StrJoin(write, ","),
                                                 ", or numbers from 1 where the log has no header"));
}

}  // namespace

bool AllNumbered(const ColumnNames& named) {
  const auto is_number = [](const auto& entry) { return IsNumber(entry.second); };
  const auto is_none = [](const auto& entry) { return entry.second.empty(); };
  return std::any_of(named.begin(), named.end(), is_number) &&
         std::all_of(named.begin(), named.end(), [&](const auto& entry) { return is_number(entry) || is_none(entry); });
}

bool NeedsNoHeader(const ColumnNames& named) {
  const auto is_given = [&](const char* role) { return named.contains(role) && !named.at(role).empty(); };
  return AllNumbered(named) && (is_given("user") || is_given("session")) && is_given("time") && is_given("query");
}

absl::StatusOr<ColumnMap> NumberedColumns(const ColumnNames& named, size_t columns) {
  ColumnMap map;
  for (size_t role = 0; role < kRoles; ++role) {
    const auto entry = named.find(std::string(kRoleNames[role]));
    if (entry == named.end() || entry->second.empty()) continue;
    ASSIGN_OR_RETURN(map.columns[role], ColumnOfNumber(kRoleNames[role], entry->second, columns));
  }
  RETURN_IF_ERROR(CheckNeeded(map, absl::StrCat("columns found: 1 to ", columns)));
  return map;
}

absl::StatusOr<ColumnMap> FindColumns(absl::Span<const absl::string_view> header, const ColumnNames& named) {
  std::vector<std::string> plain_header;
  for (const absl::string_view name : header) plain_header.push_back(Plain(name));
  ColumnMap map;
  for (size_t role = 0; role < kRoles; ++role) {
    const auto entry = named.find(std::string(kRoleNames[role]));
    if (entry != named.end() && entry->second.empty()) continue;
    if (entry != named.end()) {
      ASSIGN_OR_RETURN(map.columns[role], ColumnOfName(header, kRoleNames[role], entry->second));
    } else {
      ASSIGN_OR_RETURN(map.columns[role], ColumnByUsualName(header, plain_header, static_cast<Role>(role)));
    }
  }
  const bool semicolons = header.size() == 1 && absl::StrContains(header[0], ';');
  RETURN_IF_ERROR(CheckNeeded(map, absl::StrCat("columns found: ", Listed(header), semicolons ? kSemicolonsHint : "")));
  return map;
}

std::array<RoleClaim, kRoles> ClaimsOf(absl::string_view name, const ColumnNames& named) {
  const std::string plain = Plain(name);
  std::array<RoleClaim, kRoles> claims;
  for (size_t role = 0; role < kRoles; ++role) {
    const auto entry = named.find(std::string(kRoleNames[role]));
    const auto is_usual = [&](const std::vector<absl::string_view>& names) {
      return entry == named.end() && std::find(names.begin(), names.end(), plain) != names.end();
    };
    const bool is_named = entry != named.end() && !entry->second.empty();
    const UsualNames& usual = UsualNamesOf(static_cast<Role>(role));
    if (is_named ? name == entry->second : is_usual(usual.telling)) {
      claims[role] = RoleClaim::kTelling;
    } else if (is_named ? plain == Plain(entry->second) : is_usual(usual.general)) {
      claims[role] = RoleClaim::kGeneral;
    } else {
      claims[role] = RoleClaim::kNone;
    }
  }
  return claims;
}

bool MayHoldClaims(absl::string_view name, const ColumnNames& named) {
  const std::string outer = Plain(name) + ".";
  const auto is_within = [&](absl::string_view plain) { return absl::StartsWith(plain, outer); };
  for (size_t role = 0; role < kRoles; ++role) {
    const UsualNames& usual = UsualNamesOf(static_cast<Role>(role));
    if (std::any_of(usual.telling.begin(), usual.telling.end(), is_within)) return true;
    if (std::any_of(usual.general.begin(), usual.general.end(), is_within)) return true;
  }
  return std::any_of(named.begin(), named.end(), [&](const auto& entry) { return is_within(Plain(entry.second)); });
}

absl::Status CheckNames(absl::Span<const absl::string_view> names, const ColumnNames& named) {
  ColumnMap map;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::array<RoleClaim, kRoles> claims = ClaimsOf(names[i], named);
    for (size_t role = 0; role < kRoles; ++role) {
      if (claims[role] != RoleClaim::kNone) map.columns[role] = i;
    }
  }
  for (const auto& [name, column] : named) {
    const auto role = static_cast<Role>(std::find(kRoleNames.begin(), kRoleNames.end(), name) - kRoleNames.begin());
    if (column.empty() || map[role].has_value()) continue;
    const bool needed = role == Role::kUser || role == Role::kTime || role == Role::kQuery ||
                        (role == Role::kSession && !map[Role::kUser].has_value());
    if (needed || IsNumber(column)) return NoSuchColumn(names, name, column);
  }
  return CheckNeeded(map, absl::StrCat("columns found: ", Listed(names)));
}

}  // namespace kindred
