#include "index/evaluate/trial_index.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/status_macros.h"
#include "gtest/gtest.h"
#include "index/rank/rank_all.h"
#include "index/store/index_reader.h"
#include "index/store/index_writer.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;
using ::kindred::testing::TempDir;

TEST(TrialIndexTest, AnswersFromItsRows) {
  LogBuilder log;
  for (const char* user : {"u", "v", "w"}) log.Search(user, 0, "tent").Search(user, 60, "stove");
  for (int i = 0; i < 9; ++i) log.Search("x" + std::to_string(i), 0, "lamp");
  const std::vector<EventTable> tables = log.Tables();
  const std::vector<MinedLog> mined = {*Mine(tables[0], {})};
  ASSERT_OK_AND_ASSIGN(const auto index, TrialIndex::Build(tables, mined, {}));
  EXPECT_EQ(index->lists(), 2u);
  ASSERT_OK_AND_ASSIGN(const NormalizedQuery tent, NormalizeQuery("tent"));
  ASSERT_OK_AND_ASSIGN(const Recommendation answer, index->recommender().Recommend("", tent, 10));
  ASSERT_EQ(answer.candidates.size(), 1u);
  EXPECT_EQ(answer.candidates[0].keyword, "stove");
  ASSERT_OK_AND_ASSIGN(const Recommendation elsewhere, index->recommender().Recommend("jp", tent, 10));
  EXPECT_EQ(elsewhere.match, MatchKind::kNone);
  EXPECT_EQ(index->recommender().reader().ForEach("", nullptr).code(), absl::StatusCode::kUnimplemented);
}

// Two markets of topics, whose queries are misspelt now and then.
std::vector<EventTable> MisspeltShop() {
  LogBuilder log;
  std::mt19937 random(17);
  for (int visit = 0; visit < 2000; ++visit) {
    const std::string user = "u" + std::to_string(visit % 700);
    const std::string market = visit % 3 == 0 ? "jp" : "tw";
    const std::string topic(1 + random() % 3, static_cast<char>('a' + random() % 20));
    for (int search = 0; search < 3; ++search) {
      std::string query = topic + "shelf " + std::string(2, static_cast<char>('a' + random() % 12)) + "lamp";
      if (random() % 8 == 0) query.insert(random() % query.size(), 1, 's');
      const double seconds = visit * 1000 + search * 60;
      if (random() % 2 == 0) {
        log.Click(user, seconds, query, topic + std::to_string(random() % 5), market);
      } else {
        log.Search(user, seconds, query, market);
      }
    }
  }
  return log.Tables();
}

// The index as a build writes it.
absl::StatusOr<std::unique_ptr<const Recommender>> Written(const std::vector<EventTable>& tables,
                                                           const std::vector<MinedLog>& mined, const RankOptions& rank,
                                                           const std::string& folder) {
  ASSIGN_OR_RETURN(const auto writer, IndexWriter::Create(folder));
  for (size_t i = 0; i < tables.size(); ++i) {
    RETURN_IF_ERROR(RankAll(tables[i], mined[i], rank, *writer, nullptr).status());
  }
  index::v1::IndexInfo info;
  (*info.mutable_parameters())["min_users"] = std::to_string(rank.min_users);
  RETURN_IF_ERROR(writer->Finish(info).status());
  ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Open(folder, {}));
  return std::make_unique<const Recommender>(std::move(reader));
}

void ExpectSame(const Recommendation& x, const Recommendation& y, const std::string& query) {
  SCOPED_TRACE(query);
  EXPECT_EQ(x.match, y.match);
  EXPECT_EQ(x.via, y.via);
  ASSERT_EQ(x.candidates.size(), y.candidates.size());
  for (size_t i = 0; i < x.candidates.size(); ++i) {
    EXPECT_EQ(x.candidates[i].keyword, y.candidates[i].keyword);
    EXPECT_EQ(x.candidates[i].score, y.candidates[i].score);
    EXPECT_EQ(x.candidates[i].signals, y.candidates[i].signals);
    EXPECT_EQ(x.candidates[i].evidence.users, y.candidates[i].evidence.users);
  }
}

TEST(TrialIndexTest, AnswersAsTheIndexThatABuildWouldWrite) {
  const std::vector<EventTable> tables = MisspeltShop();
  std::vector<MinedLog> mined;
  for (const EventTable& table : tables) mined.push_back(*Mine(table, {}));
  for (const uint32_t min_users : {2u, 5u}) {
    RankOptions rank;
    rank.min_users = min_users;
    const TempDir dir;
    ASSERT_OK_AND_ASSIGN(const auto written, Written(tables, mined, rank, dir.File("index")));
    ASSERT_OK_AND_ASSIGN(const auto trial, TrialIndex::Build(tables, mined, rank, 3));
    uint64_t lists = 0;
    for (const auto& market : written->reader().info().markets()) lists += market.lists();
    EXPECT_EQ(trial->lists(), lists);
    int similar = 0;
    for (const EventTable& table : tables) {
      for (const NormalizedView known : table.queries) {
        for (const std::string& text : {std::string(known.text()), std::string(known.text()) + " new"}) {
          ASSERT_OK_AND_ASSIGN(const NormalizedQuery query, NormalizeQuery(text));
          ASSERT_OK_AND_ASSIGN(const Recommendation stored, written->Recommend(table.market, query, 10));
          ASSERT_OK_AND_ASSIGN(const Recommendation made, trial->recommender().Recommend(table.market, query, 10));
          ExpectSame(made, stored, text);
          similar += made.match == MatchKind::kSimilar;
        }
      }
    }
    EXPECT_GT(similar, 500);
  }
}

}  // namespace
}  // namespace kindred
