#include "index/mine/record_groups.h"

#include <map>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

struct Record {
  uint64_t id;
  uint32_t value;
  uint64_t key() const { return id; }
};

TEST(RecordGroupsTest, AgreesWithAMapOnRandomRecords) {
  std::mt19937 random(1);
  RecordGroups<Record> groups;  // Its memory is used again.
  for (int round = 0; round < 200; ++round) {
    std::vector<Record> records;
    std::map<uint64_t, std::vector<uint32_t>> want;
    const size_t size = random() % 500;
    for (uint32_t i = 0; i < size; ++i) {
      const uint64_t id = random() % 2 == 0 ? random() % 9 : uint64_t{random()} << 31;
      records.push_back({id, i});
      want[id].push_back(i);
    }
    const uint32_t min_records = 1 + random() % 3;
    std::map<uint64_t, std::vector<uint32_t>> got;
    uint64_t last = 0;
    groups.ForEach(records, min_records, [&](absl::Span<const Record> group) {
      EXPECT_TRUE(got.empty() || group.front().id > last);
      last = group.front().id;
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
