#include "server/snapshot_metrics.h"

#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_root.h"
#include "index/store/index_writer.h"
#include "kindred/index/v1/index_info.pb.h"
#include "server/metrics_endpoint.h"
#include "server/snapshot_store.h"
#include "tests/server/http_get.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::HttpGet;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SnapshotMetricsTest, ShowsTheServedVersion) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}, {"stove", {"gas"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()),
                                                             {.cache_bytes = 1 << 20, .block_cache_bytes = 2 << 20}));
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {MakeSnapshotMetrics(store.get())}));
  EXPECT_THAT(
      HttpGet(endpoint->port(), "/metrics"),
      AllOf(HasSubstr("kindred_index_version 1\n"), HasSubstr("kindred_index_built_timestamp_seconds 1790000000\n"),
            HasSubstr("kindred_index_active_version 1\n"), HasSubstr("kindred_index_queries 2\n"),
            HasSubstr("kindred_cache_bytes 0\n"), HasSubstr("kindred_block_cache_capacity_bytes 2097152\n"),
            HasSubstr("kindred_cache_capacity_bytes 1048576\n"), Not(HasSubstr("kindred_blocklist_lines"))));
  ASSERT_OK(store->Current()->Ask({"", "tent", 8, false}));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"), Not(HasSubstr("kindred_cache_bytes 0\n")));
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"),
              AllOf(HasSubstr("kindred_index_version 1\n"), HasSubstr("kindred_index_active_version 2\n")));
  ASSERT_OK_AND_ASSIGN(auto next, store->OpenVersion(2));
  store->Swap(std::move(next));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"),
              AllOf(HasSubstr("kindred_index_version 2\n"), HasSubstr("kindred_index_queries 1\n")));
}

TEST(SnapshotMetricsTest, ShowsHowMuchIsBlocked) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(
      const auto store,
      SnapshotStore::Open(IndexRoot(dir.path()), {.blocklist_file = dir.Write("blocked", "lamp\n*gas*\n")}));
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {MakeSnapshotMetrics(store.get())}));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"),
              AllOf(HasSubstr("kindred_blocklist_lines 2\n"), HasSubstr("kindred_blocklist_refused 0\n")));
}

TEST(SnapshotMetricsTest, ShowsTheLogsEndAndTheQualityAtBuild) {
  const TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(const auto root, IndexRootWriter::Open(dir.path()));
    ASSERT_OK_AND_ASSIGN(const auto writer, IndexWriter::Create(root->BuildPath(1)));
    ASSERT_OK_AND_ASSIGN(const NormalizedQuery tent, NormalizeQuery("tent"));
    ASSERT_OK(writer->Add("", tent, ::kindred::testing::MakeList("tent", {"stove"})));
    index::v1::IndexInfo info;
    info.set_version(1);
    info.set_built_at_ms(1'790'000'000'000);
    info.mutable_log()->set_last_event_ms(1'789'996'490'000);
    for (const auto& [name, value] : {std::pair("hit@10", .25), {"mrr@10", .125}, {"coverage", .75}}) {
      info.add_quality()->set_name(name);
      info.mutable_quality(info.quality_size() - 1)->set_value(value);
    }
    ASSERT_OK(writer->Finish(std::move(info)));
    ASSERT_OK(root->Complete(1));
    ASSERT_OK(root->Publish(1));
  }
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {MakeSnapshotMetrics(store.get())}));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"),
              AllOf(HasSubstr("kindred_index_log_end_timestamp_seconds 1789996490\n"),
                    HasSubstr("kindred_index_build_hit_ratio 0.25\n"), HasSubstr("kindred_index_build_mrr 0.125\n"),
                    HasSubstr("kindred_index_build_coverage_ratio 0.75\n")));
}

TEST(SnapshotMetricsTest, WhatTheBuildDidNotMeasureIsNotShownAsZero) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {MakeSnapshotMetrics(store.get())}));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"),
              AllOf(Not(HasSubstr("kindred_index_build_")), Not(HasSubstr("kindred_index_log_end"))));
}

TEST(SnapshotMetricsTest, ActiveVersionIsNotShownWhereItCannotBeRead) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  dir.Write("ACTIVE", "damaged");
  ASSERT_OK_AND_ASSIGN(const auto endpoint, MetricsEndpoint::Start("127.0.0.1:0", {MakeSnapshotMetrics(store.get())}));
  EXPECT_THAT(HttpGet(endpoint->port(), "/metrics"),
              AllOf(HasSubstr("kindred_index_version 1\n"), Not(HasSubstr("kindred_index_active_version"))));
}

}  // namespace
}  // namespace kindred
