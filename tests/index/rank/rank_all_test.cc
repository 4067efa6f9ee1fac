#include "index/rank/rank_all.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "index/store/index_reader.h"
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
  ASSERT_OK_AND_ASSIGN(const auto found, reader->Find("", table.queries[IdOf(table, "tent")]));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->candidates[0].keyword, "stove");
}

}  // namespace
}  // namespace kindred
