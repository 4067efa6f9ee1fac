#include "index/stage/frame_codec.h"

#include <string>
#include <utility>

#include "common/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::LogBuilder;
using testing::TempDir;

TableFrame SomeFrame() {
  EventTable table = LogBuilder().Search("u", 0, "Tent").Search("u", 1, "tent").Click("u", 2, "boots", "p").Table();
  return TableParts::TakeFrame(table);
}

absl::Status WriteAndRead(const TableFrame& frame, TableFrame& read) {
  const TempDir dir;
  BlockFileWriter writer(dir.File("block"), BlockKind::kDictionary);
  FrameCodec::Write(frame, writer);
  RETURN_IF_ERROR(writer.Finish());
  ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(dir.File("block"), BlockKind::kDictionary));
  read = FrameCodec::Read(reader);
  return reader.Finish();
}

TEST(FrameCodecTest, DisplayFormsComeBackWhetherTheyAreTheQueryOrNot) {
  TableFrame read;
  ASSERT_OK(WriteAndRead(SomeFrame(), read));
  ASSERT_EQ(read.spellings.size(), 3u);
  EXPECT_EQ(read.spellings[0].display, "boots");
  EXPECT_EQ(read.spellings[1].display, "Tent");
  EXPECT_EQ(read.spellings[2].display, "tent");
  EXPECT_EQ(read.queries[read.spellings[1].query].text(), "tent");
}

TEST(FrameCodecTest, StringsOutOfOrderAreRefused) {
  TableFrame frame = SomeFrame(), read;
  std::swap(frame.spellings[0], frame.spellings[1]);
  EXPECT_THAT(WriteAndRead(frame, read), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("out of order")));
  frame = SomeFrame();
  std::swap(frame.queries[0], frame.queries[1]);
  EXPECT_THAT(WriteAndRead(frame, read), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("out of order")));
  frame = SomeFrame();
  frame.about_events.pop_back();
  EXPECT_THAT(WriteAndRead(frame, read), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("out of order")));
}

TEST(FrameCodecTest, WhatIsNoFrameIsRefused) {
  const TempDir dir;
  BlockFileWriter writer(dir.File("block"), BlockKind::kDictionary);
  writer.Text("tw");
  writer.Array(std::vector<uint16_t>{9});
  writer.Text("tent");
  ASSERT_OK(writer.Finish());
  ASSERT_OK_AND_ASSIGN(BlockFileReader reader, BlockFileReader::Open(dir.File("block"), BlockKind::kDictionary));
  FrameCodec::Read(reader);
  EXPECT_THAT(reader.Finish(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("texts are longer")));
}

}  // namespace
}  // namespace kindred
