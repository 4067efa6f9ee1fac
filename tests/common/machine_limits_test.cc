#include "common/machine_limits.h"

#include <filesystem>
#include <limits>
#include <thread>
#include <vector>

#include "absl/flags/marshalling.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::TempDir;

TEST(MemoryLimitTest, IsThatOfTheMachineOrLess) {
  EXPECT_GT(MemoryLimitBytes(), 1u << 20);
  EXPECT_LT(MemoryLimitBytes(), uint64_t{1} << 50);
}

TEST(MemoryLimitTest, ReadsBothKindsOfControlGroups) {
  const TempDir none, second, unlimited, first;
  second.Write("memory.max", "536870912\n");
  unlimited.Write("memory.max", "max\n");
  std::filesystem::create_directory(first.File("memory"));
  first.Write("memory/memory.limit_in_bytes", "268435456\n");
  EXPECT_EQ(ControlGroupLimitBytes(none.path()), UINT64_MAX);
  EXPECT_EQ(ControlGroupLimitBytes(second.path()), 512u << 20);
  EXPECT_EQ(ControlGroupLimitBytes(unlimited.path()), UINT64_MAX);
  EXPECT_EQ(ControlGroupLimitBytes(first.path()), 256u << 20);
}

TEST(UseTest, GrowsByWhatIsUsed) {
  const uint64_t before = PeakMemoryBytes();
  const absl::Duration begin = ProcessorTime();
  const std::vector<char> held(before + (64 << 20), 'x');
  EXPECT_GT(PeakMemoryBytes(), before + (60 << 20));
  EXPECT_GT(ProcessorTime(), begin);
}

TEST(CoreLimitTest, IsThatOfTheMachineOrLess) {
  EXPECT_GE(CoreLimit(), 1u);
  EXPECT_LE(CoreLimit(), std::thread::hardware_concurrency());
  EXPECT_GT(ProcessorLimit(), 0);
  EXPECT_LE(ProcessorLimit(), CoreLimit());
}

TEST(CoreLimitTest, ReadsBothKindsOfControlGroups) {
  constexpr double kNoLimit = std::numeric_limits<double>::infinity();
  const TempDir none, second, unlimited, small, first;
  second.Write("cpu.max", "250000 100000\n");
  unlimited.Write("cpu.max", "max 100000\n");
  small.Write("cpu.max", "5000 100000\n");
  std::filesystem::create_directory(first.File("cpu"));
  first.Write("cpu/cpu.cfs_quota_us", "400000\n");
  first.Write("cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(ControlGroupProcessors(none.path()), kNoLimit);
  EXPECT_EQ(ControlGroupProcessors(second.path()), 2.5);
  EXPECT_EQ(ControlGroupProcessors(unlimited.path()), kNoLimit);
  EXPECT_EQ(ControlGroupProcessors(small.path()), .05);
  EXPECT_EQ(ControlGroupProcessors(first.path()), 4);
  first.Write("cpu/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(ControlGroupProcessors(first.path()), kNoLimit);
}

TEST(ParseBytesTest, TakesNumbersWithUnits) {
  const struct {
    const char* text;
    uint64_t want;
  } kCases[] = {{"1", 1},      {"1048576", 1 << 20},       {"7B", 7},     {"512MiB", 512u << 20}, {"2gib", 2ull << 30},
                {"3KB", 3000}, {"1TB", 1'000'000'000'000}, {"5kib", 5120}};
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const uint64_t bytes, ParseBytes(c.text));
    EXPECT_EQ(bytes, c.want) << c.text;
  }
}

TEST(ParseBytesTest, RefusesAnythingElse) {
  for (const char* text : {"", "0", "0MiB", "MiB", "1.5GiB", "-1", "12 MiB", "1XB", "99999999999TiB", "1MiBs"}) {
    EXPECT_EQ(ParseBytes(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(ByteSizeTest, IsAFlagsValueInUnitsOrNothing) {
  std::string error;
  for (const char* text : {"0", "1000", "64MiB", "3072MiB"}) {
    ByteSize size{7};
    ASSERT_TRUE(absl::ParseFlag(text, &size, &error)) << text;
    EXPECT_EQ(absl::UnparseFlag(size), text);
  }
  ByteSize size{7};
  EXPECT_TRUE(absl::ParseFlag("2GB", &size, &error));
  EXPECT_EQ(size.bytes, 2'000'000'000u);
  for (const char* text : {"", "-1", "64 MiB", "64MiBs", "banana"}) EXPECT_FALSE(absl::ParseFlag(text, &size, &error));
}

}  // namespace
}  // namespace kindred
