#include "index/store/gram_list_cache.h"

#include <rocksdb/cache.h>

#include <memory>
#include <string>

#include "index/store/format.h"
#include "index/store/index_reader.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

GramList MakeList(const std::vector<DocumentId>& documents) {
  const auto bytes = std::make_shared<const std::string>(EncodeGramList(documents));
  absl::StatusOr<GramList> list = GramList::Decode(*bytes, bytes, 100'000);
  EXPECT_TRUE(list.ok()) << list.status();
  return list.value_or(GramList());
}

TEST(GramListCacheTest, FindsWhatItKeptAndNothingOfAnother) {
  const auto shared = MakeBlockCache(1 << 20);
  const GramListCache one(shared), other(shared);
  one.Insert("a", MakeList({1, 70'000}), 20);
  ASSERT_TRUE(one.Find("a").has_value());
  EXPECT_EQ(one.Find("a")->document_frequency(), 2);
  EXPECT_EQ(one.Find("a")->bands()[1].low[0], 70'000 - kBandDocuments);
  EXPECT_FALSE(one.Find("b").has_value());
  EXPECT_FALSE(other.Find("a").has_value());
}

TEST(GramListCacheTest, GivesBackWhatItKept) {
  const auto shared = MakeBlockCache(1 << 20);
  const GramListCache other(shared);
  other.Insert("a", MakeList({1}), 20);
  const size_t before = shared->GetUsage();
  std::make_unique<GramListCache>(shared)->Insert("a", MakeList({1, 2}), 20);
  EXPECT_EQ(shared->GetUsage(), before);
  EXPECT_TRUE(other.Find("a").has_value());
}

TEST(GramListCacheTest, KeepsThatNoDocumentHoldsAGram) {
  const GramListCache cache(MakeBlockCache(1 << 20));
  cache.Insert("a", GramList(), 0);
  ASSERT_TRUE(cache.Find("a").has_value());
  EXPECT_EQ(cache.Find("a")->document_frequency(), 0);
}

TEST(GramListCacheTest, ListsAreChargedAndMakeRoomForOthers) {
  constexpr size_t kBytes = 1 << 20;
  const auto shared = MakeBlockCache(kBytes);
  const GramListCache cache(shared);
  const std::vector<DocumentId> documents = {1, 2, 3};
  const GramList found_before = MakeList(documents);
  for (int i = 0; i < 1000; ++i) cache.Insert(std::string(1, 'a') + std::to_string(i), found_before, 10'000);
  EXPECT_LE(shared->GetUsage(), kBytes);
  EXPECT_GE(shared->GetUsage(), kBytes / 2);
  EXPECT_FALSE(cache.Find("a0").has_value());
  EXPECT_EQ(found_before.document_frequency(), 3);
}

}  // namespace
}  // namespace kindred
