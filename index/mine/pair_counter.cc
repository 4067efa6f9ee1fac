#include "index/mine/pair_counter.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"

namespace kindred {
namespace {

// The user's distinct queries by first search, and the place of each among the most recently searched.
struct DistinctQuery {
  QueryId query;
  uint32_t first;    // Index of its first search.
  uint32_t recency;  // 0: searched last.
};

std::vector<DistinctQuery> DistinctQueries(absl::Span<const Search> searches) {
  absl::flat_hash_map<QueryId, uint32_t> index;
  std::vector<DistinctQuery> distinct;
  for (uint32_t i = 0; i < searches.size(); ++i) {
    if (index.try_emplace(searches[i].query, static_cast<uint32_t>(distinct.size())).second) {
      distinct.push_back({searches[i].query, i, UINT32_MAX});
    }
  }
  uint32_t recency = 0;
  for (size_t i = searches.size(); i-- > 0;) {
    DistinctQuery& entry = distinct[index[searches[i].query]];
    if (entry.recency == UINT32_MAX) entry.recency = recency++;
  }
  return distinct;
}

// Places i < j in `distinct`, once for each session that holds both.
struct PlacePair {
  uint32_t i, j;
  DayNumber day;

  bool SamePlaces(const PlacePair& other) const { return i == other.i && j == other.j; }
  friend bool operator<(const PlacePair& x, const PlacePair& y) {
    return std::tie(x.i, x.j, x.day) < std::tie(y.i, y.j, y.day);
  }
};

// All of one pair's users.
class PairSum {
 public:
  explicit PairSum(const PairRecord& first) : counts_{.a = first.a, .b = first.b} {}

  // In order of day.
  void Add(const PairRecord& record, uint32_t max_user_sessions) {
    days_.push_back(record.day);
    if (record.sessions > 0) session_days_.push_back(record.day);
    sessions_ += max_user_sessions > 0 ? std::min(record.sessions, max_user_sessions) : record.sessions;
    a_first_ += record.a_first;
    a_next_ += record.a_next;
    b_next_ += record.b_next;
  }

  // Shares of all users are kept among those who count.
  PairCounts Counts(uint32_t wanted_days) {
    counts_.users = AgreedUsers(days_, wanted_days);
    counts_.session_users = AgreedUsers(session_days_, wanted_days);
    counts_.sessions = Share(sessions_, counts_.session_users, session_days_.size());
    counts_.users_a_first = Share(a_first_, counts_.users, days_.size());
    counts_.users_a_next = Share(a_next_, counts_.users, days_.size());
    counts_.users_b_next = Share(b_next_, counts_.users, days_.size());
    return counts_;
  }

 private:
  static uint32_t Share(uint64_t count, uint64_t part, uint64_t whole) {
    return whole == 0 ? 0 : static_cast<uint32_t>((count * part + whole / 2) / whole);
  }

  PairCounts counts_;
  std::vector<DayNumber> days_, session_days_;
  uint64_t sessions_ = 0, a_first_ = 0, a_next_ = 0, b_next_ = 0;
};

// Places (from, to) of queries that the user searched one right after the other, in one session; ascending.
std::vector<std::pair<uint32_t, uint32_t>> FollowingPlaces(const UserHistory& history,
                                                           const absl::flat_hash_map<QueryId, uint32_t>& place) {
  std::vector<std::pair<uint32_t, uint32_t>> next;
  for (const absl::Span<const Search> session : history.sessions) {
    for (size_t i = 1; i < session.size(); ++i) {
      if (session[i].query == session[i - 1].query) continue;
      next.emplace_back(place.at(session[i - 1].query), place.at(session[i].query));
    }
  }
  std::sort(next.begin(), next.end());
  return next;
}

}  // namespace

void PairCounter::AddUser(const UserHistory& history) {
  const std::vector<DistinctQuery> distinct = DistinctQueries(history.searches);
  if (distinct.size() < 2) return;
  absl::flat_hash_map<QueryId, uint32_t> place;
  for (uint32_t i = 0; i < distinct.size(); ++i) place[distinct[i].query] = i;

  std::vector<PlacePair> in_session;
  for (const absl::Span<const Search> session : history.sessions) {
    std::vector<uint32_t> places;
    absl::flat_hash_set<uint32_t> seen;
    for (const Search& search : session) {
      if (!seen.insert(place[search.query]).second) continue;
      if (options_.max_session_queries > 0 && places.size() == options_.max_session_queries) {
        ++report_.sessions_over_cap;
        break;
      }
      places.push_back(place[search.query]);
    }
    const DayNumber day = DayOf(session.front().time_ms);
    for (size_t i = 0; i < places.size(); ++i) {
      for (size_t j = i + 1; j < places.size(); ++j) {
        in_session.push_back({std::min(places[i], places[j]), std::max(places[i], places[j]), day});
      }
    }
  }
  std::sort(in_session.begin(), in_session.end());
  const std::vector<std::pair<uint32_t, uint32_t>> next = FollowingPlaces(history, place);

  std::vector<uint32_t> recent;
  const uint32_t cap = options_.max_history_queries;
  for (uint32_t i = 0; i < distinct.size(); ++i) {
    if (cap == 0 || distinct[i].recency < cap) recent.push_back(i);
  }
  if (recent.size() < distinct.size()) ++report_.users_over_history_cap;

  const auto add = [&](const PlacePair& pair, uint32_t sessions) {
    // `distinct` is in order of first search; at equal times searches are in order of query.
    const QueryId first = distinct[pair.i].query, second = distinct[pair.j].query;
    const auto follows = [&](uint32_t from, uint32_t to) {
      return sessions > 0 && std::binary_search(next.begin(), next.end(), std::make_pair(from, to));
    };
    const bool first_next = follows(pair.j, pair.i), second_next = follows(pair.i, pair.j);
    const bool in_order = first < second;
    records_.push_back({.a = std::min(first, second),
                        .b = std::max(first, second),
                        .sessions = sessions,
                        .day = pair.day,
                        .a_first = in_order,
                        .a_next = in_order ? first_next : second_next,
                        .b_next = in_order ? second_next : first_next});
  };
  for (size_t begin = 0, end; begin < in_session.size(); begin = end) {
    for (end = begin; end < in_session.size() && in_session[end].SamePlaces(in_session[begin]);) ++end;
    add(in_session[begin], static_cast<uint32_t>(end - begin));
  }
  for (size_t i = 0; i < recent.size(); ++i) {
    for (size_t j = i + 1; j < recent.size(); ++j) {
      const PlacePair pair{recent[i], recent[j], 0};
      const auto at = std::lower_bound(in_session.begin(), in_session.end(), pair);
      if (at != in_session.end() && at->SamePlaces(pair)) continue;
      add({pair.i, pair.j, DayOf(history.searches[distinct[pair.j].first].time_ms)}, 0);
    }
  }
}

std::vector<PairCounts> PairCounter::Finish(uint32_t min_users, uint32_t wanted_days) {
  std::vector<PairRecord> records = std::move(records_);
  records_.clear();
  report_.records = records.size();
  std::sort(records.begin(), records.end());
  std::vector<PairCounts> pairs;
  for (size_t i = 0; i < records.size();) {
    const PairRecord& first = records[i];
    PairSum sum(first);
    for (; i < records.size() && records[i].a == first.a && records[i].b == first.b; ++i) {
      sum.Add(records[i], options_.max_user_sessions);
    }
    ++report_.pairs;
    const PairCounts counts = sum.Counts(wanted_days);
    if (counts.users >= min_users) pairs.push_back(counts);
  }
  report_.kept_pairs = pairs.size();
  return pairs;
}

}  // namespace kindred
