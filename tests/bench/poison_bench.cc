// How many accounts plant a keyword in a query's list. Adds the searches of made-up accounts to a sample log, mines and
// ranks it as kindred-index build does by default, and prints for each way of attacking, and for popular and rare
// queries, the fewest accounts after which the planted keyword is shown (among the first 8) and stored (among 50).
// docs/security.md explains the table. Nothing is asserted.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/sample_random.h"
#include "index/build/sample_truth.h"
#include "index/mine/mined_log.h"
#include "index/rank/ranker.h"
#include "tests/index/build/sample_events.h"

ABSL_FLAG(uint64_t, rows, 100'000, "of the sample log");
ABSL_FLAG(uint64_t, seed, 1, "of the sample log");
ABSL_FLAG(uint32_t, most, 512, "accounts to try at most");
ABSL_FLAG(std::string, only, "", "only ways of attacking whose name holds this");
ABSL_FLAG(bool, defend, true, "false: without the agreement of days and with all sessions of a user");

namespace kindred {
namespace {

constexpr int64_t kMinuteMs = 60'000, kDayMs = 1440 * kMinuteMs;
constexpr int kVictims = 3;  // Of each class; the table shows the middle one.
constexpr size_t kShown = 8;

struct Strategy {
  const char* name;
  int days = 90;             // Over which the accounts are spread; the last days of the log.
  int repeats = 1;           // Visits of each account, on days one after another.
  int visits_a_day = 1;      // Of those, on one day.
  bool click = false;        // Clicks what shoppers of the query click most, after both queries.
  bool named_after = false;  // The keyword holds the query's words.
  int camouflage = 0;        // Other searches of each account, of popular queries, on other days.
};

constexpr Strategy kStrategies[] = {
    {.name = "all in one hour", .days = 1},
    {.name = "over a week", .days = 7},
    {.name = "over 90 days"},
    {.name = "one day, 20 visits each", .days = 1, .repeats = 20, .visits_a_day = 20},
    {.name = "30 days, a visit a day each", .days = 30, .repeats = 30},
    {.name = "over 90 days, clicking", .click = true},
    {.name = "all in one hour, clicking", .days = 1, .click = true},
    {.name = "30 visits each, clicking", .days = 30, .repeats = 30, .click = true},
    {.name = "one hour, holds the query", .days = 1, .named_after = true},
    {.name = "90 days, holds the query", .named_after = true},
    {.name = "90 days, clicking, holds it", .click = true, .named_after = true},
    {.name = "90 days, camouflaged", .camouflage = 8},
};

struct Victim {
  std::string query, keyword, item;
  uint32_t users = 0;
};

struct Class {
  const char* name;
  std::vector<Victim> victims;
};

// A mined log with everything that ranking needs, of one market.
struct Ranking {
  EventTable table;
  MinedLog mined;
  std::unique_ptr<Ranker> ranker;  // Of the two above, which do not move.

  // The keyword's place in the query's list, from 1; nullopt: not stored.
  std::optional<size_t> Place(const std::string& query, const std::string& keyword) const {
    const absl::StatusOr<NormalizedQuery> asked = NormalizeQuery(query);
    const auto at = std::lower_bound(table.queries.begin(), table.queries.end(), *asked);
    if (at == table.queries.end() || *at != *asked) return std::nullopt;
    const std::optional<RelatedList> list = ranker->Rank(static_cast<QueryId>(at - table.queries.begin()));
    for (size_t i = 0; list.has_value() && i < list->candidates.size(); ++i) {
      if (list->candidates[i].keyword == keyword) return i + 1;
    }
    return std::nullopt;
  }
};

absl::StatusOr<std::unique_ptr<Ranking>> Rank(absl::Span<const SearchEvent> events) {
  ASSIGN_OR_RETURN(std::vector<EventTable> tables, testing::TablesOf(events));
  auto ranking = std::make_unique<Ranking>();
  ranking->table = std::move(tables[0]);
  MineOptions mine;
  if (!absl::GetFlag(FLAGS_defend)) mine.max_wanted_days = 1, mine.pairs.max_user_sessions = 0;
  ranking->mined = *Mine(ranking->table, mine);
  RankOptions rank;
  rank.min_users = AutoMinUsers(ranking->mined.report.searches);
  ASSIGN_OR_RETURN(ranking->ranker, Ranker::Create(ranking->table, ranking->mined, rank));
  return ranking;
}

// The item that most users clicked after the query; item ids follow the byte order of their names.
std::string MostClicked(const Ranking& ranking, QueryId query, const std::vector<std::string>& items) {
  const ClickCounts* most = nullptr;
  for (const ClickCounts& clicks : ranking.mined.clicks) {
    if (clicks.query == query && (most == nullptr || clicks.users > most->users)) most = &clicks;
  }
  return most == nullptr ? "" : items[most->item];
}

// Victims whose lists are full, spread over those with about `users` users.
std::vector<Victim> ChooseVictims(const Ranking& ranking, const SampleTruth& truth,
                                  const std::vector<std::string>& items, uint32_t least, uint32_t most) {
  std::vector<QueryId> fit;
  for (QueryId query = 0; query < ranking.table.queries.size(); ++query) {
    const QueryCounts& counts = ranking.mined.counts[query];
    if (counts.users < least || counts.users > most) continue;
    const std::string display(ranking.table.spellings[counts.display].display);
    const std::vector<uint32_t> topics = truth.TopicsOf(display);
    if (topics.empty() || topics[0] == truth.hub_topic() || truth.IsBlockbuster(display)) continue;
    if (MostClicked(ranking, query, items).empty()) continue;
    const std::optional<RelatedList> list = ranking.ranker->Rank(query);
    if (list.has_value() && list->candidates.size() >= kShown) fit.push_back(query);
  }
  std::vector<Victim> victims;
  for (int i = 0; i < kVictims && !fit.empty(); ++i) {
    const QueryId query = fit[(2 * i + 1) * fit.size() / (2 * kVictims)];
    const QueryCounts& counts = ranking.mined.counts[query];
    victims.push_back({std::string(ranking.table.spellings[counts.display].display), "",
                       MostClicked(ranking, query, items), counts.users});
  }
  return victims;
}

// The rows of an attack: `accounts` for each victim.
class Attack {
 public:
  Attack(const Strategy& strategy, const std::vector<Class>& classes, const std::vector<std::string>& popular,
         int64_t end_ms)
      : strategy_(strategy), popular_(popular), end_ms_(end_ms), random_(7) {
    int number = 0;
    for (const Class& victims : classes) {
      for (Victim victim : victims.victims) {
        const std::string name = absl::StrCat("zq", ++number, "mall");
        victim.keyword = strategy.named_after ? absl::StrCat(victim.query, " ", name) : name;
        victims_.push_back(std::move(victim));
      }
    }
  }

  const std::vector<Victim>& victims() const { return victims_; }

  // The log with the attack of so many accounts in it.
  std::vector<SearchEvent> Into(absl::Span<const SearchEvent> log, uint32_t accounts) {
    std::vector<SearchEvent> events(log.begin(), log.end());
    for (size_t v = 0; v < victims_.size(); ++v) {
      for (uint32_t account = 0; account < accounts; ++account) AddAccount(v, account, accounts, events);
    }
    return events;
  }

 private:
  void AddAccount(size_t victim, uint32_t account, uint32_t accounts, std::vector<SearchEvent>& events) {
    const std::string& user = *names_.insert(absl::StrCat("x", victim, "-", account)).first;
    const Victim& target = victims_[victim];
    const int64_t start_ms = end_ms_ - strategy_.days * kDayMs;
    const int64_t first_ms =
        strategy_.repeats > 1 ? start_ms : start_ms + (strategy_.days - 1) * kDayMs * account / accounts;
    for (int visit = 0; visit < strategy_.repeats; ++visit) {
      const int64_t day = visit / strategy_.visits_a_day, hour = visit % strategy_.visits_a_day;
      const int64_t at_ms = first_ms + day * kDayMs + hour * 60 * kMinuteMs + account % 50 * 1000;
      for (const auto& [query, offset] : {std::pair(&target.query, 0), std::pair(&target.keyword, 1)}) {
        SearchEvent event{.user = user,
                          .query = *query,
                          .market = "tw",
                          .item = "",
                          .time_ms = at_ms + offset * kMinuteMs,
                          .action = Action::kSearch,
                          .hits = {}};
        if (strategy_.click) event.item = target.item, event.action = Action::kClick;
        events.push_back(event);
      }
    }
    for (int i = 0; i < strategy_.camouflage; ++i) {
      const int64_t at_ms = end_ms_ - static_cast<int64_t>(random_.Below(90 * 1440)) * kMinuteMs;
      events.push_back({.user = user,
                        .query = popular_[random_.Below(popular_.size())],
                        .market = "tw",
                        .item = "",
                        .time_ms = at_ms,
                        .action = Action::kSearch,
                        .hits = {}});
    }
  }

  const Strategy& strategy_;
  const std::vector<std::string>& popular_;
  const int64_t end_ms_;
  SampleRandom random_;
  std::vector<Victim> victims_;
  std::set<std::string> names_;  // Nodes: events hold views of them.
};

// The fewest accounts that reached a place, by victim.
struct Fewest {
  std::vector<uint32_t> shown, stored;  // 0: not yet.
};

absl::StatusOr<Fewest> FewestAccounts(Attack& attack, absl::Span<const SearchEvent> log) {
  Fewest fewest;
  fewest.shown.assign(attack.victims().size(), 0);
  fewest.stored = fewest.shown;
  for (uint32_t accounts = 1; accounts <= absl::GetFlag(FLAGS_most); accounts += std::max(1u, accounts / 3)) {
    const std::vector<SearchEvent> events = attack.Into(log, accounts);
    ASSIGN_OR_RETURN(const std::unique_ptr<Ranking> ranking, Rank(events));
    for (size_t v = 0; v < attack.victims().size(); ++v) {
      const auto place = ranking->Place(attack.victims()[v].query, attack.victims()[v].keyword);
      if (place.has_value() && fewest.stored[v] == 0) fewest.stored[v] = accounts;
      if (place.has_value() && *place <= kShown && fewest.shown[v] == 0) fewest.shown[v] = accounts;
    }
    if (std::count(fewest.shown.begin(), fewest.shown.end(), 0u) == 0) break;
  }
  return fewest;
}

std::string Middle(absl::Span<const uint32_t> fewest) {
  std::vector<uint32_t> sorted(fewest.begin(), fewest.end());
  for (uint32_t& value : sorted) value = value == 0 ? UINT32_MAX : value;
  std::sort(sorted.begin(), sorted.end());
  const uint32_t middle = sorted[sorted.size() / 2];
  return middle == UINT32_MAX ? absl::StrCat(">", absl::GetFlag(FLAGS_most)) : absl::StrCat(middle);
}

absl::Status Run() {
  const SampleOptions options{.rows = absl::GetFlag(FLAGS_rows), .seed = absl::GetFlag(FLAGS_seed)};
  ASSIGN_OR_RETURN(testing::SampleEvents sample, testing::MakeSampleEvents(options));
  std::erase_if(sample.events, [](const SearchEvent& event) { return event.market != "tw"; });
  std::set<std::string> names;
  for (const SearchEvent& event : sample.events) {
    if (!event.item.empty()) names.insert(std::string(event.item));
  }
  const std::vector<std::string> items(names.begin(), names.end());
  ASSIGN_OR_RETURN(const std::unique_ptr<Ranking> before, Rank(sample.events));
  uint32_t most_users = 0;
  for (const QueryCounts& counts : before->mined.counts) most_users = std::max(most_users, counts.users);
  const SampleTruth truth(SampleMarket::kTaiwan, options);
  const std::vector<Class> classes = {
      {"popular", ChooseVictims(*before, truth, items, most_users / 3, most_users)},
      {"middling", ChooseVictims(*before, truth, items, most_users / 15, most_users / 10)},
      {"rare", ChooseVictims(*before, truth, items, 4, 6)}};
  std::vector<std::string> popular;
  for (const QueryCounts& counts : before->mined.counts) {
    if (counts.users > most_users / 5) popular.emplace_back(before->table.spellings[counts.display].display);
  }

  std::printf("%llu rows, %u accounts at most; first 8 | first 50\n%-30s",
              static_cast<unsigned long long>(options.rows), absl::GetFlag(FLAGS_most), "");
  for (const Class& victims : classes) {
    std::string users;
    for (const Victim& victim : victims.victims) absl::StrAppend(&users, " ", victim.query, "=", victim.users);
    std::printf(" %s (users:%s)", victims.name, users.c_str());
  }
  std::printf("\n");
  for (const Strategy& strategy : kStrategies) {
    if (!absl::StrContains(strategy.name, absl::GetFlag(FLAGS_only))) continue;
    Attack attack(strategy, classes, popular, sample.events.back().time_ms);
    ASSIGN_OR_RETURN(const Fewest fewest, FewestAccounts(attack, sample.events));
    std::printf("%-30s", strategy.name);
    size_t first = 0;
    for (const Class& victims : classes) {
      const size_t count = victims.victims.size();
      std::printf(" %8s | %-8s", Middle(absl::MakeConstSpan(fewest.shown).subspan(first, count)).c_str(),
                  Middle(absl::MakeConstSpan(fewest.stored).subspan(first, count)).c_str());
      first += count;
    }
    std::printf("\n");
    std::fflush(stdout);
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("poison_bench [--rows N]: how many accounts plant a keyword", argc, argv);
  return kindred::Finish("poison_bench", kindred::Run());
}
