#include "index/build/build_index.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/build/sample_log.h"
#include "index/lookup/recommender.h"
#include "index/store/index_reader.h"
#include "index/store/index_root.h"
#include "tests/index/build/golden_log.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::kGoldenLog;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

const char kGoldenDump[] = KINDRED_SOURCE_DIR "/tests/golden/golden.dump";

// The golden log's robot makes 40 searches a day.
BuildOptions GoldenOptions(const std::string& index_dir, const std::string& log = kGoldenLog) {
  BuildOptions options;
  options.log.inputs = {log};
  options.index_dir = index_dir;
  options.mine.history.max_user_queries_per_day = 30;
  options.rank.min_users = 0;
  return options;
}

absl::StatusOr<BuildResult> Build(const BuildOptions& options) {
  Progress progress(Progress::Output::kQuiet);
  return BuildIndex(options, progress);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Every list of every market, readable: the dump that the golden log must produce.
std::string Dump(const IndexReader& reader) {
  std::string text;
  for (const auto& market : reader.info().markets()) {
    const absl::Status status =
        reader.ForEach(market.name(), [&](const NormalizedQuery& query, const RelatedList& list) {
          absl::StrAppend(&text, market.name(), "\t", query.text(), "\t", list.display, "\t", list.users, "\n");
          for (const Candidate& c : list.candidates) {
            absl::StrAppend(&text, "\t", c.keyword, "\t", c.evidence.users, "\t", c.evidence.users_after, "\t",
                            c.evidence.shared_products, "\t", c.evidence.shared_words, "\n");
          }
          return true;
        });
    EXPECT_TRUE(status.ok()) << status;
  }
  return text;
}

TEST(BuildIndexTest, GoldenLogGivesTheGoldenDump) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const BuildResult result, Build(GoldenOptions(dir.File("index"))));
  EXPECT_TRUE(result.published);
  ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir.File("index/1"), {}));
  const std::string dump = Dump(*reader);
  if (dump != ReadFile(kGoldenDump)) {
    // To accept a wanted change: copy this file over tests/golden/golden.dump and read the difference.
    std::ofstream("golden.dump.actual") << dump;
    FAIL() << "the dump differs from " << kGoldenDump << "; see golden.dump.actual in the test's folder";
  }
}

TEST(BuildIndexTest, EventsAreThoseOfTheWindow) {
  const TempDir dir;
  BuildOptions options = GoldenOptions(dir.File("index"));
  options.measure = false;
  ASSERT_OK_AND_ASSIGN(const BuildResult all, Build(options));
  options.force = true;
  const int64_t middle_ms = (all.info.log().first_event_ms() + all.info.log().last_event_ms()) / 2;
  options.log.not_before = absl::FromUnixMillis(middle_ms);
  ASSERT_OK_AND_ASSIGN(const BuildResult later, Build(options));
  EXPECT_GT(later.info.log().dropped().at("before the window"), 0u);
  EXPECT_EQ(later.info.log().events() + later.info.log().dropped().at("before the window"), all.info.log().events());
  EXPECT_EQ(later.info.log().rows(), all.info.log().rows());
}

TEST(BuildIndexTest, OrderOfTheLogDoesNotChangeTheContent) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const BuildResult first, Build(GoldenOptions(dir.File("index"))));
  std::vector<std::string> lines = absl::StrSplit(ReadFile(kGoldenLog), '\n', absl::SkipEmpty());
  std::mt19937 random(5);
  for (int i = 0; i < 3; ++i) {
    std::shuffle(lines.begin() + 1, lines.end(), random);
    std::string shuffled;
    for (const std::string& line : lines) absl::StrAppend(&shuffled, line, "\n");
    ASSERT_OK_AND_ASSIGN(const BuildResult result,
                         Build(GoldenOptions(dir.File("index"), dir.Write("shuffled.tsv", shuffled))));
    EXPECT_EQ(result.info.content_checksum(), first.info.content_checksum());
    EXPECT_EQ(result.info.version(), first.info.version() + i + 1);
  }
}

BuildOptions SampleOptionsOf(const TempDir& dir) {
  std::ofstream log(dir.File("sample.tsv"));
  EXPECT_OK(WriteSampleLog({.rows = 20'000}, log));
  log.close();
  BuildOptions options = GoldenOptions(dir.File("index"), dir.File("sample.tsv"));
  options.measure = false;
  options.refit_weights = true;
  return options;
}

// Of records and of all tables, with weights learned and quality measured on the way.
TEST(BuildIndexTest, ABudgetOfMemoryDoesNotChangeTheContent) {
  const TempDir dir;
  BuildOptions options = SampleOptionsOf(dir);
  options.measure = true;
  options.force = true;
  options.resources.temp_dir = dir.path();
  ASSERT_OK_AND_ASSIGN(const BuildResult free, Build(options));
  EXPECT_EQ(free.spilled_bytes, 0u);
  for (const uint32_t threads : {1u, 2u}) {
    options.resources.memory_budget_bytes = 1 << 20;
    options.resources.threads = options.mine.threads = threads;
    ASSERT_OK_AND_ASSIGN(const BuildResult tight, Build(options));
    EXPECT_EQ(tight.info.content_checksum(), free.info.content_checksum());
    EXPECT_GT(tight.spilled_bytes, 10u << 20);
  }
}

TEST(BuildIndexTest, AFolderForTablesThatCannotBeWrittenToIsNamed) {
  const TempDir dir;
  BuildOptions options = SampleOptionsOf(dir);
  options.resources = {.threads = 1, .memory_budget_bytes = 30 << 20, .temp_dir = "/nonexistent/folder"};
  EXPECT_THAT(Build(options).status(), HasStatus(absl::StatusCode::kNotFound, HasSubstr("/nonexistent/folder")));
}

TEST(BuildIndexTest, WeightsThatWereFittedLatelyAreTakenFromTheActiveVersion) {
  const TempDir dir;
  BuildOptions options = SampleOptionsOf(dir);
  ASSERT_OK_AND_ASSIGN(const BuildResult fitted, Build(options));
  ASSERT_TRUE(fitted.weights.has_value());
  EXPECT_GT(fitted.info.weights_fitted_ms(), 0);

  options.rank.weights[kPair] = .5;
  options.max_weights_age = absl::Hours(24);
  ASSERT_OK_AND_ASSIGN(const BuildResult taken, Build(options));
  EXPECT_FALSE(taken.weights.has_value());
  EXPECT_THAT(taken.info.weights(), ElementsAreArray(fitted.info.weights()));
  EXPECT_EQ(taken.info.weights_fitted_ms(), fitted.info.weights_fitted_ms());
  options.max_weights_age = absl::ZeroDuration();
  ASSERT_OK_AND_ASSIGN(const BuildResult again, Build(options));
  EXPECT_TRUE(again.weights.has_value());

  options.refit_weights = false;
  ASSERT_OK_AND_ASSIGN(const BuildResult given, Build(options));
  EXPECT_EQ(given.info.weights_fitted_ms(), 0);
  EXPECT_EQ(given.info.weights(kPair), .5f);
}

TEST(BuildIndexTest, ALogTooThinToLearnFromIsTriedEachTime) {
  const TempDir dir;
  BuildOptions options = GoldenOptions(dir.File("index"));
  options.refit_weights = true;
  options.max_weights_age = absl::Hours(24);
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const BuildResult result, Build(options));
    EXPECT_TRUE(result.weights.has_value());
    EXPECT_EQ(result.info.weights_fitted_ms(), 0);
  }
}

TEST(BuildIndexTest, JunkAndHalfTypedQueriesNeverSurface) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const BuildResult result, Build(GoldenOptions(dir.File("index"))));
  ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir.File("index/1"), {}));
  const std::string dump = Dump(*reader);
  for (const char* junk : {"@", "<script", "http", "09", "' or", "ㄦ", "airp\t"}) {
    EXPECT_THAT(dump, ::testing::Not(HasSubstr(junk)));
  }
  EXPECT_GT(result.info.log().dropped().at("robot"), 0u);
  EXPECT_GT(result.info.log().dropped().at("half-typed"), 0u);
  EXPECT_EQ(result.info.markets_size(), 2);
  EXPECT_EQ(result.info.default_market(), "tw");
}

// Queries and events in OpenSearch's bulk layout: three people search a tent, then a stove, and click.
TEST(BuildIndexTest, UbiLogGoesThroughTheWholePipeline) {
  std::string log;
  const auto document = [&](const std::string& index, const std::string& members) {
    absl::StrAppend(&log, "{\"index\": {\"_index\": \"", index, "\"}}\n{", members, "}\n");
  };
  for (int user = 0; user < 3; ++user) {
    const std::string client = absl::StrCat("\"client_id\": \"u", user, "\"");
    document("ubi_queries", absl::StrCat(client, R"(, "query_id": "a)", user, R"(", "user_query": "Tent", )",
                                         R"("timestamp": "2026-01-0)", user + 1, R"(T10:00:00Z")"));
    document("ubi_queries", absl::StrCat(client, R"(, "query_id": "b)", user, R"(", "user_query": "camping stove", )",
                                         R"("timestamp": "2026-01-0)", user + 1, R"(T10:05:00Z")"));
    document("ubi_events", absl::StrCat(client, R"(, "query_id": "b)", user, R"(", "action_name": "click", )",
                                        R"("timestamp": "2026-01-0)", user + 1, R"(T10:06:00Z", )",
                                        R"("event_attributes": {"object": {"object_id": "p1"}})"));
  }
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const BuildResult result, Build(GoldenOptions(dir.File("index"), dir.Write("ubi.ndjson", log))));
  EXPECT_EQ(result.rows.rows, 9u);
  EXPECT_EQ(result.rows.action_lines, 9u);
  EXPECT_EQ(result.mined[0].clicks, 3u);
  ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir.File("index/1"), {}));
  EXPECT_EQ(Dump(*reader),
            "\tcamping stove\tcamping stove\t3\n\tTent\t3\t0\t0\t0\n"
            "\ttent\tTent\t3\n\tcamping stove\t3\t3\t0\t0\n");
}

TEST(BuildIndexTest, UnpublishedVersionIsKeptAside) {
  const TempDir dir;
  ASSERT_OK(Build(GoldenOptions(dir.File("index"))));
  BuildOptions options = GoldenOptions(dir.File("index"));
  options.publish = false;
  ASSERT_OK_AND_ASSIGN(const BuildResult result, Build(options));
  EXPECT_THAT(FormatBuild(result), HasSubstr("not published"));
  ASSERT_OK_AND_ASSIGN(const auto active, IndexRoot(dir.File("index")).Active());
  EXPECT_EQ(active, 1u);
  ASSERT_OK_AND_ASSIGN(const auto versions, IndexRoot(dir.File("index")).Versions());
  EXPECT_THAT(versions, ::testing::ElementsAre(1, 2));
}

TEST(BuildIndexTest, FailedBuildPublishesNothing) {
  const TempDir dir;
  ASSERT_OK(Build(GoldenOptions(dir.File("index"))));
  std::string spoiled = ReadFile(kGoldenLog);
  for (int i = 0; i < 50; ++i) spoiled += "u\tyesterday\ttent\t\t\ttw\n";
  EXPECT_THAT(Build(GoldenOptions(dir.File("index"), dir.Write("spoiled.tsv", spoiled))),
              HasStatus(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("spoiled.tsv"), HasSubstr("yesterday"))));
  EXPECT_THAT(Build(GoldenOptions(dir.File("index"), dir.File("missing.tsv"))),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("missing.tsv")));
  ASSERT_OK_AND_ASSIGN(const auto versions, IndexRoot(dir.File("index")).Versions());
  EXPECT_THAT(versions, ::testing::ElementsAre(1));
}

TEST(BuildIndexTest, LogWithoutAnythingRelatedIsAnError) {
  const TempDir dir;
  const std::string log = dir.Write("lonely.tsv", "user\ttime\tquery\nu\t2026-01-01T00:00:00Z\ttent\n");
  EXPECT_THAT(Build(GoldenOptions(dir.File("index"), log)),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("no query of the log has a related keyword")));
  for (const auto& entry : std::filesystem::directory_iterator(dir.File("index"))) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(::testing::StartsWith(".building")));
  }
}

TEST(BuildIndexTest, ReportNamesVersionQualityAndChecksum) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const BuildResult result, Build(GoldenOptions(dir.File("index"))));
  EXPECT_THAT(FormatBuild(result), AllOf(HasSubstr("version 1 is active"), HasSubstr(result.info.content_checksum()),
                                         HasSubstr("market tw"), HasSubstr("half-typed"), HasSubstr("283 rows")));
}

TEST(BuildIndexTest, ServesWhatItBuilt) {
  const TempDir dir;
  ASSERT_OK(Build(GoldenOptions(dir.File("index"))));
  ASSERT_OK_AND_ASSIGN(auto reader, IndexReader::Open(dir.File("index/1"), {}));
  const Recommender recommender(std::shared_ptr<const IndexReader>(std::move(reader)));
  ASSERT_OK_AND_ASSIGN(const NormalizedQuery query, NormalizeQuery("蓝牙耳机"));  // Simplified finds Traditional.
  ASSERT_OK_AND_ASSIGN(const Recommendation answer, recommender.Recommend("tw", query, 8));
  EXPECT_EQ(answer.match, MatchKind::kExact);
  EXPECT_FALSE(answer.candidates.empty());
}

}  // namespace
}  // namespace kindred
