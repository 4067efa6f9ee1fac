#include "index/mine/string_arena.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(StringArenaTest, KeepsTextsOfAnyLengthWhereTheyAre) {
  StringArena arena;
  std::vector<std::string> want;
  std::vector<absl::string_view> got;
  for (size_t i = 0; i < 2000; ++i) {
    want.push_back(absl::StrCat(i, std::string(i * 7919 % 300, 'x')));
    got.push_back(arena.Add(want.back()));
  }
  want.emplace_back(1 << 20, 'y');  // Longer than a block.
  got.push_back(arena.Add(want.back()));
  want.emplace_back();
  got.push_back(arena.Add(""));
  const StringArena moved = std::move(arena);
  EXPECT_THAT(got, ::testing::ElementsAreArray(want));
}

}  // namespace
}  // namespace kindred
