#include "index/log/text_arena.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(TextArenaTest, KeptTextsStayAsTheyAre) {
  TextArena arena;
  for (int round = 0; round < 3; ++round) {
    std::vector<absl::string_view> kept = {arena.Keep(std::string(3 << 20, 'x')), arena.Keep("")};
    for (int i = 0; i < 200'000; ++i) kept.push_back(arena.Keep(absl::StrCat("text ", i)));
    EXPECT_EQ(kept[0], std::string(3 << 20, 'x'));
    EXPECT_EQ(kept[1], "");
    for (int i = 0; i < 200'000; ++i) ASSERT_EQ(kept[i + 2], absl::StrCat("text ", i));
    arena.Clear();
  }
}

}  // namespace
}  // namespace kindred
