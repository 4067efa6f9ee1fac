#include "index/mine/record_groups.h"

#include <map>
#include <random>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

struct Record {
  uint32_t first, second;
  uint32_t value;
  uint32_t first_id() const { return first; }
  uint32_t second_id() const { return second; }
};

using Key = std::pair<uint32_t, uint32_t>;

TEST(RecordGroupsTest, AgreesWithAMapOnRandomRecords) {
  std::mt19937 random(1);
  RecordGroups<Record> groups;  // Its memory is used again.
  for (int round = 0; round < 200; ++round) {
    std::vector<Record> records;
    std::map<Key, std::vector<uint32_t>> want;
    const size_t size = random() % 500;
    for (uint32_t i = 0; i < size; ++i) {
      const Key key(4'000'000'000 + random() % (round + 1), random() % 2 == 0 ? random() % 9 : random());
      records.push_back({key.first, key.second, i});
      want[key].push_back(i);
    }
    const uint32_t min_records = 1 + random() % 3;
    std::map<Key, std::vector<uint32_t>> got;
    Key last;
    groups.ForEach(records, min_records, [&](absl::Span<const Record> group) {
      const Key key(group.front().first, group.front().second);
      EXPECT_TRUE(got.empty() || key > last);
      last = key;
      for (const Record& record : group) got[last].push_back(record.value);
    });
    const size_t keys = want.size();
    std::erase_if(want, [&](const auto& entry) { return entry.second.size() < min_records; });
    EXPECT_EQ(got, want);
    EXPECT_EQ(groups.keys(), keys);
  }
}

}  // namespace
}  // namespace kindred
