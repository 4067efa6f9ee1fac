#include "index/text/display_form.h"

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(DisplayFormTest, IsAsTypedButForSpacesAndWhatDoesNotShow) {
  EXPECT_EQ(DisplayForm("Gears of War"), "Gears of War");
  EXPECT_EQ(DisplayForm(" \tGears\n of  War\x01"), "Gears of War");
  EXPECT_EQ(DisplayForm("藍牙\u3000耳機\u00A0イヤホン"), "藍牙 耳機 イヤホン");
  EXPECT_EQ(DisplayForm("\uFEFF藍\u200B牙\u202E耳機"), "藍牙耳機");
  EXPECT_EQ(DisplayForm("Pokémon™ 12”"), "Pokémon™ 12”");
  EXPECT_EQ(DisplayForm("tent\xFF"), "tent");
  EXPECT_EQ(DisplayForm("\u200B \t"), "");
}

}  // namespace
}  // namespace kindred
