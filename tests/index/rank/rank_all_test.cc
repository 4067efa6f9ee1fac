#include "index/rank/rank_all.h"

#include <memory>
#include <optional>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "index/rank/ranker.h"
#include "index/store/index_reader.h"
#include "index/store/related_list_codec.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::kindred::testing::TempDir;

TEST(RankAllTest, EveryQueryWithKeywordsGetsItsList) {
  LogBuilder log;
  for (const char* user : {"u", "v"})
    log.Search(user, 0, "tent").Search(user, 60, "stove").Search(user, 99999, "lonely");
  for (int i = 0; i < 9; ++i) log.Search("w" + std::to_string(i), 0, "once");
  const EventTable table = log.Table();
  const MinedLog mined = *Mine(table, {});
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
  uint64_t last = 0;
  ASSERT_OK_AND_ASSIGN(const RankedCounts counts, RankAll(table, mined, {}, *writer, [&](uint64_t done, uint64_t all) {
                         EXPECT_LE(done, all);
                         last = all;
                       }));
  EXPECT_EQ(last, 4u);
  EXPECT_EQ(counts.lists, 2u);  // "once" was searched alone, "lonely" in no session with another.
  ASSERT_OK(writer->Finish(index::v1::IndexInfo()));
  ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir.File("1"), {}));
  ASSERT_OK_AND_ASSIGN(const auto found, reader->Find("", NormalizedQuery(table.queries[IdOf(table, "tent")])));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->candidates[0].keyword, "stove");
}

// A shop of 3,000 queries, so that there are several blocks of them.
EventTable LargeShop() {
  LogBuilder log;
  std::mt19937 random(17);
  for (int visit = 0; visit < 4000; ++visit) {
    const std::string user = "u" + std::to_string(visit % 1500);
    const uint32_t topic = random() % 150;
    for (int search = 0; search < 4; ++search) {
      const std::string query = "topic" + std::to_string(topic) + " word" + std::to_string(random() % 20);
      const double seconds = visit * 1000 + search * 60;
      if (random() % 2 == 0) {
        log.Click(user, seconds, query, "p" + std::to_string(topic) + "-" + std::to_string(random() % 5));
      } else {
        log.Search(user, seconds, query);
      }
    }
  }
  return log.Table();
}

TEST(RankAllTest, RowsAreTheSameForAnyNumberOfThreads) {
  const EventTable table = LargeShop();
  const MinedLog mined = *Mine(table, {});
  std::string first;
  for (const uint32_t threads : {1u, 2u, 3u, 5u}) {
    const TempDir dir;
    ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
    ASSERT_OK_AND_ASSIGN(const RankedCounts counts, RankAll(table, mined, {}, *writer, nullptr, threads));
    EXPECT_GT(counts.lists, 1500u);
    ASSERT_OK_AND_ASSIGN(const auto info, writer->Finish(index::v1::IndexInfo()));
    if (first.empty()) first = info.content_checksum();
    EXPECT_EQ(info.content_checksum(), first) << threads;
  }
}

TEST(RankAllTest, EncodedListsAreWhatRankGives) {
  const EventTable table = LargeShop();
  const MinedLog mined = *Mine(table, {});
  ASSERT_OK_AND_ASSIGN(const auto ranker, Ranker::Create(table, mined, {}));
  EncodedList encoded;
  for (QueryId query = 0; query < table.queries.size(); ++query) {
    const std::optional<RelatedList> list = ranker->Rank(query);
    ASSERT_OK_AND_ASSIGN(const bool any, ranker->Encode(query, encoded));
    ASSERT_EQ(any, list.has_value());
    if (!any) continue;
    ASSERT_OK(CheckRelatedList(*list));
    EXPECT_EQ(encoded.value, EncodeRelatedList(*list));
    EXPECT_EQ(encoded.users, list->users);
    EXPECT_EQ(encoded.keywords, list->candidates.size());
  }
}

TEST(RankAllTest, AnErrorOfTheWriterIsReturned) {
  const EventTable table = LargeShop();
  const MinedLog mined = *Mine(table, {});
  for (const uint32_t threads : {1u, 3u}) {
    const TempDir dir;
    ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(dir.File("1")));
    ASSERT_OK(writer->Finish(index::v1::IndexInfo()));
    EXPECT_EQ(RankAll(table, mined, {}, *writer, nullptr, threads).status().code(),
              absl::StatusCode::kFailedPrecondition);
  }
}

}  // namespace
}  // namespace kindred
