#include "index/stage/dictionary.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/stage/block_file.h"
#include "index/stage/frame_codec.h"

namespace kindred {
namespace {

// Takes the lesser of two ascending lists' heads, or both where they are equal: take(from_a, from_b).
template <typename Compare, typename Take>
void MergeHeads(size_t a_size, size_t b_size, Compare compare, Take take) {
  for (size_t a = 0, b = 0; a < a_size || b < b_size;) {
    const int sign = a == a_size ? 1 : b == b_size ? -1 : compare(a, b);
    take(sign <= 0, sign >= 0);
    a += sign <= 0;
    b += sign >= 0;
  }
}

struct QueryPlaces {
  std::vector<QueryId> a, b;  // In the merged list.
};

QueryPlaces MergeQueries(const TableFrame& a, const TableFrame& b, TableFrame& merged) {
  QueryPlaces places;
  const auto compare = [&](size_t i, size_t j) { return a.queries[i].text().compare(b.queries[j].text()); };
  const auto add = [&](NormalizedView query) { merged.queries.push_back(query.In(merged.texts.Add(query.text()))); };
  MergeHeads(a.queries.size(), b.queries.size(), compare, [&](bool from_a, bool from_b) {
    const auto place = static_cast<QueryId>(merged.queries.size());
    uint64_t events = 0;
    if (from_b) {
      events += b.about_events[places.b.size()];
      if (!from_a) add(b.queries[places.b.size()]);
      places.b.push_back(place);
    }
    if (from_a) {
      events += a.about_events[places.a.size()];
      add(a.queries[places.a.size()]);
      places.a.push_back(place);
    }
    merged.about_events.push_back(events);
  });
  return places;
}

void MergeSpellings(TableFrame& a, TableFrame& b, const QueryPlaces& places, TableFrame& merged) {
  for (Spelling& spelling : a.spellings) spelling.query = places.a[spelling.query];
  for (Spelling& spelling : b.spellings) spelling.query = places.b[spelling.query];
  size_t i = 0, j = 0;
  const auto compare = [&](size_t x, size_t y) {
    const Spelling& left = a.spellings[x];
    const Spelling& right = b.spellings[y];
    return left.query != right.query ? (left.query < right.query ? -1 : 1) : left.display.compare(right.display);
  };
  MergeHeads(a.spellings.size(), b.spellings.size(), compare, [&](bool from_a, bool from_b) {
    const Spelling& spelling = from_a ? a.spellings[i] : b.spellings[j];
    const absl::string_view query = merged.queries[spelling.query].text();
    const bool is_query = spelling.display == query;
    merged.spellings.push_back({is_query ? query : merged.texts.Add(spelling.display), spelling.query});
    i += from_a;
    j += from_b;
  });
}

TableFrame MergeFrames(TableFrame a, TableFrame b) {
  TableFrame merged;
  merged.market = std::move(a.market);
  MergeSpellings(a, b, MergeQueries(a, b, merged), merged);
  std::set_union(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), std::back_inserter(merged.items));
  size_t i = 0, j = 0;
  const auto compare = [&](size_t x, size_t y) {
    return a.minutes[x].first == b.minutes[y].first ? 0 : a.minutes[x].first < b.minutes[y].first ? -1 : 1;
  };
  MergeHeads(a.minutes.size(), b.minutes.size(), compare, [&](bool from_a, bool from_b) {
    auto& minute = merged.minutes.emplace_back(from_a ? a.minutes[i].first : b.minutes[j].first, 0);
    if (from_a) minute.second += a.minutes[i++].second;
    if (from_b) minute.second += b.minutes[j++].second;
  });
  merged.events = a.events + b.events;
  merged.first_ms = std::min(a.first_ms, b.first_ms);
  merged.last_ms = std::max(a.last_ms, b.last_ms);
  merged.tells_found = a.tells_found || b.tells_found;
  return merged;
}

}  // namespace

LogDictionary MergeDictionaries(LogDictionary earlier, LogDictionary later) {
  LogDictionary merged;
  merged.rows = std::move(earlier.rows);
  MergeReport(std::move(later.rows), merged.rows);
  merged.dropped = std::move(earlier.dropped);
  for (const auto& [reason, events] : later.dropped) merged.dropped[reason] += events;
  merged.first_ms = std::min(earlier.first_ms, later.first_ms);
  merged.last_ms = std::max(earlier.last_ms, later.last_ms);
  size_t i = 0, j = 0;
  const auto compare = [&](size_t x, size_t y) { return earlier.markets[x].market.compare(later.markets[y].market); };
  MergeHeads(earlier.markets.size(), later.markets.size(), compare, [&](bool from_a, bool from_b) {
    if (from_a && from_b) {
      merged.markets.push_back(MergeFrames(std::move(earlier.markets[i]), std::move(later.markets[j])));
    } else {
      merged.markets.push_back(std::move(from_a ? earlier.markets[i] : later.markets[j]));
    }
    i += from_a;
    j += from_b;
  });
  return merged;
}

absl::Status WriteDictionary(const std::string& path, const LogDictionary& dictionary) {
  BlockFileWriter writer(path, BlockKind::kDictionary);
  FrameCodec::WriteReport(dictionary.rows, writer);
  writer.Number(dictionary.dropped.size());
  for (const auto& [reason, events] : dictionary.dropped) {
    writer.Text(reason);
    writer.Number(events);
  }
  writer.Number(static_cast<uint64_t>(dictionary.first_ms));
  writer.Number(static_cast<uint64_t>(dictionary.last_ms));
  writer.Number(dictionary.markets.size());
  for (const TableFrame& frame : dictionary.markets) FrameCodec::Write(frame, writer);
  return writer.Finish();
}

absl::StatusOr<LogDictionary> ReadDictionary(const std::string& path) {
  ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kDictionary));
  LogDictionary dictionary;
  dictionary.rows = FrameCodec::ReadRows(reader);
  for (uint64_t n = reader.Number(); n > 0 && reader.status().ok(); --n) {
    const std::string reason(reader.Text());
    dictionary.dropped[reason] = reader.Number();
  }
  dictionary.first_ms = static_cast<int64_t>(reader.Number());
  dictionary.last_ms = static_cast<int64_t>(reader.Number());
  for (uint64_t n = reader.Number(); n > 0 && reader.status().ok(); --n) {
    dictionary.markets.push_back(FrameCodec::Read(reader));
  }
  RETURN_IF_ERROR(reader.Finish());
  return dictionary;
}

absl::StatusOr<LogDictionary> ReadDictionaries(absl::Span<const std::string> paths) {
  std::vector<std::pair<uint64_t, LogDictionary>> merged;  // With how many files each is of, falling.
  const auto merge_last = [&] {
    auto later = std::move(merged.back());
    merged.pop_back();
    merged.back().first += later.first;
    merged.back().second = MergeDictionaries(std::move(merged.back().second), std::move(later.second));
  };
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(LogDictionary next, ReadDictionary(path));
    merged.emplace_back(1, std::move(next));
    while (merged.size() > 1 && merged.back().first >= merged[merged.size() - 2].first) merge_last();
  }
  while (merged.size() > 1) merge_last();
  if (merged.empty()) return LogDictionary();
  return std::move(merged.front().second);
}

}  // namespace kindred
