#include "index/stage/block_file.h"

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using testing::HasStatus;
using ::testing::HasSubstr;
using testing::TempDir;

std::string WriteSome(const TempDir& dir) {
  BlockFileWriter writer(dir.File("block"), BlockKind::kEvents);
  writer.Number(7);
  writer.Text("tent");
  writer.Array(std::vector<uint32_t>{1, 2, 3});
  EXPECT_OK(writer.Finish());
  return dir.File("block");
}

std::string Bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(BlockFileTest, ReadsWhatWasWritten) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(BlockFileReader reader, BlockFileReader::Open(WriteSome(dir), BlockKind::kEvents));
  EXPECT_EQ(reader.Number(), 7u);
  EXPECT_EQ(reader.Text(), "tent");
  EXPECT_THAT(reader.Array<uint32_t>(), ElementsAre(1u, 2u, 3u));
  EXPECT_OK(reader.Finish());
}

TEST(BlockFileTest, ArraysAreAlignedWhateverStandsBeforeThem) {
  const TempDir dir;
  BlockFileWriter writer(dir.File("block"), BlockKind::kEvents);
  writer.Text("odd");
  writer.BeginArray(3);
  writer.Part(absl::MakeConstSpan(std::vector<uint64_t>{1, 2}));
  writer.Part(absl::MakeConstSpan(std::vector<uint64_t>{3}));
  writer.EndArray();
  writer.Array(std::vector<uint8_t>());
  writer.Array(std::vector<uint8_t>{4});
  writer.Array(std::vector<uint64_t>{5});
  ASSERT_OK(writer.Finish());
  ASSERT_OK_AND_ASSIGN(BlockFileReader reader, BlockFileReader::Open(dir.File("block"), BlockKind::kEvents));
  EXPECT_EQ(reader.Text(), "odd");
  const absl::Span<const uint64_t> parts = reader.Array<uint64_t>();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(parts.data()) % alignof(uint64_t), 0u);
  BlockFileReader moved = std::move(reader);
  EXPECT_THAT(parts, ElementsAre(1u, 2u, 3u));
  EXPECT_EQ(moved.Array<uint8_t>().size(), 0u);
  EXPECT_THAT(moved.Array<uint8_t>(), ElementsAre(4));
  EXPECT_THAT(moved.Array<uint64_t>(), ElementsAre(5u));
  EXPECT_OK(moved.Finish());
}

TEST(BlockFileTest, AnArrayOfWhichAPartIsMissingIsAnError) {
  const TempDir dir;
  BlockFileWriter writer(dir.File("block"), BlockKind::kEvents);
  writer.BeginArray(2);
  writer.Part(absl::MakeConstSpan(std::vector<uint64_t>{1}));
  writer.EndArray();
  EXPECT_THAT(writer.Finish(), HasStatus(absl::StatusCode::kInternal, HasSubstr("not all of an array")));
}

TEST(BlockFileTest, LongBlocksAreWrittenInPieces) {
  const TempDir dir;
  const std::vector<uint64_t> numbers(500'000, 42);
  BlockFileWriter writer(dir.File("block"), BlockKind::kCounts);
  writer.Array(numbers);
  ASSERT_OK(writer.Finish());
  ASSERT_OK_AND_ASSIGN(BlockFileReader reader, BlockFileReader::Open(dir.File("block"), BlockKind::kCounts));
  EXPECT_THAT(reader.Array<uint64_t>(), ElementsAreArray(numbers));
}

TEST(BlockFileTest, EveryDamagedByteAndEveryCutIsFoundAndTheFileNamed) {
  const TempDir dir;
  const std::string path = WriteSome(dir), bytes = Bytes(path);
  const auto refused = AnyOf(HasStatus(absl::StatusCode::kDataLoss, HasSubstr(path)),
                             HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr(path)));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    dir.Write("block", damaged);
    EXPECT_THAT(BlockFileReader::Open(path, BlockKind::kEvents), refused) << "byte " << i;
    dir.Write("block", bytes.substr(0, i));
    EXPECT_THAT(BlockFileReader::Open(path, BlockKind::kEvents), refused) << "cut at " << i;
  }
}

TEST(BlockFileTest, AnotherKindIsRefused) {
  const TempDir dir;
  EXPECT_THAT(BlockFileReader::Open(WriteSome(dir), BlockKind::kCounts),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("kind 2 where one of kind 5")));
}

TEST(BlockFileTest, ABlockThatWasNotFinishedIsNone) {
  const TempDir dir;
  {
    BlockFileWriter writer(dir.File("block"), BlockKind::kEvents);
    writer.Array(std::vector<uint64_t>(1'000'000));
  }
  EXPECT_THAT(BlockFileReader::Open(dir.File("block"), BlockKind::kEvents),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("not written to its end")));
}

TEST(BlockFileTest, ReadingPastTheEndAndLeavingBytesAreErrors) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(BlockFileReader left, BlockFileReader::Open(WriteSome(dir), BlockKind::kEvents));
  left.Number();
  EXPECT_THAT(left.Finish(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("left over")));
  ASSERT_OK_AND_ASSIGN(BlockFileReader past, BlockFileReader::Open(dir.File("block"), BlockKind::kEvents));
  EXPECT_EQ((past.Array<std::array<char, 64>>().size()), 0u);
  EXPECT_EQ(past.Number(), 0u);
  EXPECT_THAT(past.Finish(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("longer than the rest")));
}

TEST(BlockFileTest, AFolderThatIsNotThereIsNamedAtTheEnd) {
  BlockFileWriter writer("/nowhere/block", BlockKind::kEvents);
  writer.Number(1);
  EXPECT_THAT(writer.Finish(), HasStatus(absl::StatusCode::kNotFound, HasSubstr("/nowhere/block")));
}

TEST(BlockFileTest, AFullDiskIsTold) {
  BlockFileWriter writer("/dev/full", BlockKind::kEvents);
  EXPECT_THAT(writer.Finish(), HasStatus(absl::StatusCode::kResourceExhausted, HasSubstr("/dev/full")));
}

}  // namespace
}  // namespace kindred
