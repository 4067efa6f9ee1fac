#include "common/nearest_name.h"

#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

const std::vector<std::string> kCommands = {"build", "evaluate", "list", "publish", "rollback", "verify", "prune"};

TEST(NearestNameTest, FindsMissingSwappedAndWrongLetters) {
  EXPECT_EQ(NearestName("evalute", kCommands), "evaluate");
  EXPECT_EQ(NearestName("biuld", kCommands), "build");
  EXPECT_EQ(NearestName("publisch", kCommands), "publish");
  EXPECT_EQ(NearestName("vorify", kCommands), "verify");
  EXPECT_EQ(NearestName("list", kCommands), "list");
}

TEST(NearestNameTest, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(NearestName("serve", kCommands), std::nullopt);
  EXPECT_EQ(NearestName("", kCommands), std::nullopt);
  EXPECT_EQ(NearestName("beild", {"build"}), "build");
  EXPECT_EQ(NearestName("beild", {"bubld"}), std::nullopt);  // Two edits in five letters are too many.
  EXPECT_EQ(NearestName("build", {}), std::nullopt);
}

TEST(NearestNameTest, TakesTheFirstOfEquals) {
  EXPECT_EQ(NearestName("lint", {"lent", "list"}), "lent");
  EXPECT_EQ(NearestName("lint", {"list", "lent"}), "list");
}

}  // namespace
}  // namespace kindred
