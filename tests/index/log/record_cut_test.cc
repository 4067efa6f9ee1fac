#include "index/log/record_cut.h"

#include <string>

#include "gtest/gtest.h"
#include "index/log/log_block.h"

namespace kindred {
namespace {

TEST(RecordCutTest, LinesAreCutBehindTheLastLineEnd) {
  EXPECT_EQ(CutLines("one\ntwo\nthr", false).records_bytes, 8u);
  EXPECT_EQ(CutLines("one\ntwo\n", false).records_bytes, 8u);
  EXPECT_EQ(CutLines("one", false).records_bytes, 0u);
  EXPECT_EQ(CutLines("one", true).records_bytes, 3u);
}

TEST(RecordCutTest, ALineOverTheLimitIsCutAndItsRestPassedOver) {
  EXPECT_EQ(CutLines(std::string(kMaxRecordBytes, 'x'), false).records_bytes, 0u);
  const RecordCut cut = CutLines(std::string(kMaxRecordBytes + 1, 'x'), false);
  EXPECT_EQ(cut.records_bytes, kMaxRecordBytes + 1);
  EXPECT_TRUE(cut.passes_over);
  EXPECT_FALSE(CutLines(std::string(kMaxRecordBytes + 1, 'x'), true).passes_over);
}

}  // namespace
}  // namespace kindred
