#include "index/text/respelling.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/index/text/query.h"

namespace kindred {
namespace {

using ::kindred::testing::Query;

TEST(IsRespellingTest, TellsSpellingsFromOtherKeywords) {
  const struct {
    const char *a, *b;
    bool respelling;
  } kCases[] = {
      // Spaces, punctuation, script and accents
      {"halo 3", "Halo-3", true},
      {"xbox360", "xbox 360", true},
      {"wi-fi router", "wifi router", true},
      {"pokémon", "pokemon", true},
      {"頭髮", "头发", true},
      {"サーバー", "サーバ", true},
      {"ぬいぐるみ", "ヌイグルミ", true},
      {"iphone 15 保護殼", "iphone15保护壳", true},
      {"무선 이어폰", "무선이어폰", true},
      // Typing errors and plurals
      {"assassins creed", "assasins creed", true},
      {"assassin's creed", "assassins creed", true},
      {"gears of war", "gear of war", true},
      {"gears of war", "gears fo war", false},  // too short to be sure
      {"xbox 360 controller", "xbox 360 controllers", true},
      {"xbox 360 controller", "xbox360 controler", true},
      {"modern warfare", "modren warefare", true},
      {"toy car", "toy cars", true},
      {"kinect", "kinnect", true},
      {"headphones", "headphone", true},
      {"コミュニケーション", "コミニュケーション", true},
      {"ワイヤレスイヤホン", "ワイヤレスイヤホ", true},
      {"ワイヤレスイヤホン", "ワイヤレスマウス", false},
      {"スマホケースクロ", "スマホケースシロ", false},
      {"อาหารแมว", "อาหารหมา", false},
      {"keyboard", "keybaord", true},
      // Words cut differently, and one error
      {"x box 360 games", "xbox 360 game", true},
      {"gearsofwar", "gear of war", true},
      {"dead iland", "deadisland", true},
      {"la noir", "l a noire", true},
      {"elder scrolls v", "elder scrolls", false},
      {"elder scrolls v", "elderscrolls", false},
      {"gears of war t", "gears of wars", false},
      {"grand theft auto iv", "grandtheft auto v", false},
      {"1 2 socket", "12 sockets", false},
      {"louis vuitton包包男", "louisvuitton包包女", false},
      // Order of words
      {"halo reach", "reach halo", true},
      {"halo reach game", "game reach halo", true},
      {"halo reahc xbox", "xbox halo reach", true},
      {"iphone 15 case", "case iphone 15", true},
      {"黑色 男鞋", "男鞋 黑色", true},
      {"手機保護殼 iphone", "iphone 保護殼手機", true},
      {"2人帳篷", "帳篷 2人", true},
      {"2人黑色帳篷", "黑色2人帳篷", true},
      {"黑色 2人 帳篷", "2人帳篷黑色", true},
      {"30吋行李箱", "行李箱30吋", true},
      {"女發熱衣", "發熱衣 女", true},
      {"uniqlo 羽絨外套 男", "uniqlo 男羽絨外套", true},
      {"2人3房帳篷", "2房3人帳篷", false},
      {"3孔5米延長線", "3米5孔延長線", false},
      {"3孔5米", "3米5孔", false},
      {"2人帳篷4季", "2季帳篷4人", false},
      {"2人3房帳篷", "帳篷 2人3房", true},
      {"水晶粉", "粉水晶", false},
      {"金魚缸", "魚缸 金", false},
      {"紅酒杯", "酒杯 紅", false},
      {"藍芽 iphone 男鞋黑色", "藍牙 iphone 黑色男鞋", false},  // Two errors, and not in one run each.
      {"狗玩具", "玩具 狗", false},
      {"男鞋", "鞋 男", false},
      {"男手錶女項鍊", "女手錶男項鍊", false},
      {"samsung 65吋電視", "電視 samsung 65吋", true},
      {"2人帳篷", "帳篷 4人", false},
      {"2人3房帳篷", "帳篷 3人 2房", false},
      {"2人帳篷", "2人篷帳", false},
      {"2人帳篷", "帳人 2篷", false},
      {"2人帳篷", "帳篷 2人 防水", false},
      // Chinese homophones
      {"藍牙耳機", "藍芽耳機", true},
      {"無線藍芽喇叭", "无线蓝牙喇叭", true},
      {"iphone 藍牙耳機", "iphone 藍芽耳機", true},
      // Numbers
      {"halo 3", "halo 4", false},
      {"iphone 14", "iphone 15", false},
      {"iphone 15", "iphone 5", false},
      {"mw2", "mw3", false},
      {"ps3 xbox4", "ps4 xbox3", false},
      {"1.5 l", "15 l", false},
      {"call of duty", "call of duty 2", false},
      {"final fantasy 13", "final fantasy 31", false},
      {"xbox360s", "xbox360", false},
      {"1/2 drive socket", "12 drive socket", false},
      {"1/2 drive socket", "1/2drive socket", true},
      {"12 1/2 socket", "1 21/2 socket", false},
      // Refinements and other things
      {"xbox", "xbox 360", false},
      {"xbox 360", "xbox 360 s", false},
      {"halo", "halo reach", false},
      {"mens shoes", "womens shoes", false},
      {"men shoes", "women shoes", false},
      {"black shirt", "black skirt", false},
      {"shirt", "short", false},
      {"internal drive", "external drive", false},
      {"cat", "car", false},
      {"c++", "c#", false},
      {"s9", "s9+", false},
      {"男鞋", "女鞋", false},
      {"女の子", "男の子", false},
      {"蜂蜜", "蜜蜂", false},
      {"牙", "芽", false},
      {"手機殼", "手機", false},
      {"食品", "飾品", false},
      {"スカート", "スケート", false},
      {"かき", "がき", false},
      {"아이폰", "아이패드", false},
  };
  for (const auto& c : kCases) {
    const SpellingForm a(Query(c.a)), b(Query(c.b));
    EXPECT_EQ(IsRespelling(a, b), c.respelling) << c.a << " and " << c.b;
    EXPECT_EQ(IsRespelling(b, a), c.respelling) << c.b << " and " << c.a;
    EXPECT_TRUE(IsRespelling(a, a)) << c.a;
    // The digest may only say no where the forms do.
    EXPECT_TRUE(MayBeRespelling(a.digest(), b.digest()) || !c.respelling) << c.a << " and " << c.b;
  }
}

TEST(MayBeRespellingTest, TellsOtherKeywordsApart) {
  for (const auto& [a, b] : {std::pair{"halo 3", "halo 4"}, {"xbox 360", "xbox 360 games"}, {"男鞋", "女鞋"}}) {
    EXPECT_FALSE(MayBeRespelling(SpellingForm(Query(a)).digest(), SpellingForm(Query(b)).digest())) << a << " " << b;
  }
}

TEST(IsRespellingTest, EmptyIsOnlyEmpty) {
  EXPECT_TRUE(IsRespelling(SpellingForm(NormalizedQuery()), SpellingForm(NormalizedQuery())));
  EXPECT_FALSE(IsRespelling(SpellingForm(NormalizedQuery()), SpellingForm(Query("a"))));
}

}  // namespace
}  // namespace kindred
