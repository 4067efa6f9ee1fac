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

// Places (i < j) in `distinct`, once for each session that holds both; ascending.
using PlacePairs = std::vector<std::pair<uint32_t, uint32_t>>;

void AppendPairs(const std::vector<uint32_t>& places, PlacePairs& pairs) {
  for (size_t i = 0; i < places.size(); ++i) {
    for (size_t j = i + 1; j < places.size(); ++j) {
      pairs.emplace_back(std::min(places[i], places[j]), std::max(places[i], places[j]));
    }
  }
}

}  // namespace

void PairCounter::AddUser(const UserHistory& history) {
  const std::vector<DistinctQuery> distinct = DistinctQueries(history.searches);
  if (distinct.size() < 2) return;
  absl::flat_hash_map<QueryId, uint32_t> place;
  for (uint32_t i = 0; i < distinct.size(); ++i) place[distinct[i].query] = i;

  PlacePairs in_session;
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
    AppendPairs(places, in_session);
  }
  std::sort(in_session.begin(), in_session.end());

  PlacePairs in_history;
  std::vector<uint32_t> recent;
  const uint32_t cap = options_.max_history_queries;
  for (uint32_t i = 0; i < distinct.size(); ++i) {
    if (cap == 0 || distinct[i].recency < cap) recent.push_back(i);
  }
  if (recent.size() < distinct.size()) ++report_.users_over_history_cap;
  AppendPairs(recent, in_history);

  const auto add = [&](const std::pair<uint32_t, uint32_t>& pair, uint32_t sessions) {
    // `distinct` is in order of first search; at equal times searches are in order of query.
    const QueryId first = distinct[pair.first].query, second = distinct[pair.second].query;
    records_.push_back({std::min(first, second), std::max(first, second), sessions, first < second});
  };
  for (size_t begin = 0, end; begin < in_session.size(); begin = end) {
    for (end = begin; end < in_session.size() && in_session[end] == in_session[begin];) ++end;
    add(in_session[begin], static_cast<uint32_t>(end - begin));
  }
  for (const auto& pair : in_history) {
    if (!std::binary_search(in_session.begin(), in_session.end(), pair)) add(pair, 0);
  }
}

std::vector<PairCounts> PairCounter::Finish(uint32_t min_users) {
  std::vector<PairRecord> records = std::move(records_);
  records_.clear();
  report_.records = records.size();
  std::sort(records.begin(), records.end());
  std::vector<PairCounts> pairs;
  for (size_t i = 0; i < records.size();) {
    PairCounts counts{.a = records[i].a, .b = records[i].b};
    for (; i < records.size() && records[i].a == counts.a && records[i].b == counts.b; ++i) {
      ++counts.users;
      counts.session_users += records[i].sessions > 0;
      counts.sessions += records[i].sessions;
      counts.users_a_first += records[i].a_first;
    }
    ++report_.pairs;
    if (counts.users >= min_users) pairs.push_back(counts);
  }
  report_.kept_pairs = pairs.size();
  return pairs;
}

}  // namespace kindred
