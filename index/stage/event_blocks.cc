#include "index/stage/event_blocks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/status_macros.h"
#include "index/mine/fingerprint.h"
#include "index/stage/block_file.h"

namespace kindred {
namespace {

// Numbers ids in order of their first use.
class Numbering {
 public:
  explicit Numbering(size_t ids) : number_of_id_(ids, UINT32_MAX) {}
  uint32_t operator()(uint32_t id) {
    uint32_t& number = number_of_id_[id];
    if (number == UINT32_MAX) {
      number = static_cast<uint32_t>(used_.size());
      used_.push_back(id);
    }
    return number;
  }
  const std::vector<uint32_t>& used() const { return used_; }

 private:
  std::vector<uint32_t> number_of_id_, used_;
};

void WriteMarket(const TableFrame& frame, std::vector<StoredEvent>& events, BlockFileWriter& writer) {
  Numbering spellings(frame.spellings.size()), items(frame.items.size());
  for (StoredEvent& event : events) {
    event.spelling = spellings(event.spelling);
    if (event.item != kNoItem) event.item = items(event.item);
  }
  std::vector<Fingerprint> spelling_keys, item_keys;
  for (const SpellingId id : spellings.used()) {
    const Spelling& spelling = frame.spellings[id];
    spelling_keys.push_back(FingerprintOfSpelling(frame.queries[spelling.query], spelling.display));
  }
  for (const ItemId id : items.used()) item_keys.push_back(frame.items[id]);
  writer.Text(frame.market);
  writer.Array(spelling_keys);
  writer.Array(item_keys);
  writer.Array(events);
}

// A market that is being put together.
struct Assembly {
  FingerprintTable spellings, items;
  Partitions<StoredEvent> events;

  Assembly(const TableFrame& frame, const std::shared_ptr<ChunkPool>& pool)
      : events(pool, EventTable::kUserPartitions) {
    for (SpellingId id = 0; id < frame.spellings.size(); ++id) {
      const Spelling& spelling = frame.spellings[id];
      spellings.Set(FingerprintOfSpelling(frame.queries[spelling.query], spelling.display), id);
    }
    for (ItemId id = 0; id < frame.items.size(); ++id) items.Set(frame.items[id], id);
  }
};

// Ids by fingerprint. nullopt: one is missing.
std::optional<std::vector<uint32_t>> IdsOf(absl::Span<const Fingerprint> keys, const FingerprintTable& table) {
  std::vector<uint32_t> ids;
  ids.reserve(keys.size());
  for (const Fingerprint& key : keys) {
    ids.push_back(table.Find(key));
    if (ids.back() == FingerprintTable::kNone) return std::nullopt;
  }
  return ids;
}

uint64_t ReadMarketEvents(BlockFileReader& reader, Assembly& market) {
  const auto spellings = IdsOf(reader.Array<Fingerprint>(), market.spellings);
  const auto items = IdsOf(reader.Array<Fingerprint>(), market.items);
  const absl::Span<const StoredEvent> events = reader.Array<StoredEvent>();
  if (!spellings.has_value() || !items.has_value()) {
    reader.Fail("a query or product that the dictionary lacks; did the log change while it was read?");
    return 0;
  }
  for (StoredEvent event : events) {
    if (event.spelling >= spellings->size() || (event.item != kNoItem && event.item >= items->size())) {
      reader.Fail("an event of no query or product");
      return 0;
    }
    event.spelling = (*spellings)[event.spelling];
    if (event.item != kNoItem) event.item = (*items)[event.item];
    market.events.Append(static_cast<uint32_t>(event.user >> 56), event);
  }
  return events.size();
}

absl::Status ReadBlock(const std::string& path, std::map<std::string, Assembly, std::less<>>& markets,
                       uint64_t& events) {
  ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kEvents));
  for (uint64_t n = reader.Number(); n > 0 && reader.status().ok(); --n) {
    const absl::string_view name = reader.Text();
    const auto market = markets.find(name);
    if (market == markets.end()) {
      reader.Fail(absl::StrCat("market \"", name, "\", which the dictionary lacks; did the log change?"));
    } else {
      events += ReadMarketEvents(reader, market->second);
    }
  }
  return reader.Finish();
}

}  // namespace

absl::Status WriteEvents(const std::string& path, absl::Span<ReadMarket> markets, uint32_t group) {
  BlockFileWriter writer(path, BlockKind::kEvents);
  writer.Number(static_cast<uint64_t>(std::count_if(
      markets.begin(), markets.end(), [&](const auto& market) { return !market.groups[group].empty(); })));
  for (ReadMarket& market : markets) {
    std::vector<StoredEvent> events = std::move(market.groups[group]);
    if (!events.empty()) WriteMarket(market.frame, events, writer);
  }
  return writer.Finish();
}

absl::StatusOr<std::vector<EventTable>> ReadEvents(absl::Span<const std::string> paths, LogDictionary& dictionary,
                                                   const std::shared_ptr<ChunkPool>& pool, uint64_t& events) {
  std::map<std::string, Assembly, std::less<>> markets;
  for (const TableFrame& frame : dictionary.markets) {
    markets.emplace(std::piecewise_construct, std::forward_as_tuple(frame.market), std::forward_as_tuple(frame, pool));
  }
  events = 0;
  for (const std::string& path : paths) {
    RETURN_IF_ERROR(ReadBlock(path, markets, events));
    RETURN_IF_ERROR(pool->status());
  }
  std::vector<EventTable> tables;
  for (TableFrame& frame : dictionary.markets) {
    Assembly& market = markets.at(frame.market);
    market.spellings = FingerprintTable();
    market.items = FingerprintTable();
    tables.push_back(TableParts::Assemble(std::move(frame), pool, std::move(market.events)));
  }
  dictionary.markets.clear();
  return tables;
}

}  // namespace kindred
