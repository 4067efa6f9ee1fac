#include "index/log/json_line.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;

class JsonLineTest : public ::testing::Test {
 protected:
  absl::string_view Parse(const std::string& text) {
    padded_ = text + std::string(64, '}');
    return json_.Parse(absl::string_view(padded_).substr(0, text.size()));
  }
  std::string Text(absl::string_view path) {
    const auto text = json_.Text(JsonPath(path));
    return text.has_value() ? std::string(*text) : "(other type)";
  }
  std::string padded_;
  JsonLine json_;
};

TEST_F(JsonLineTest, ValuesComeAsTexts) {
  ASSERT_EQ(Parse(R"({"s":"a\u00e9\n","i":-12,"u":18446744073709551615,"t":1717527764.481,"w":2032076.0,"m":1.7e12,
                      "small":1e-30,"big":1e300,"n":null,"b":true,"a":[1],"o":{"x":{"y":"deep"}},"o.flat":"flat"})"),
            "");
  EXPECT_EQ(Text("s"), "aé\n");
  EXPECT_EQ(Text("i"), "-12");
  EXPECT_EQ(Text("u"), "18446744073709551615");
  EXPECT_EQ(Text("t"), "1717527764.481");
  EXPECT_EQ(Text("w"), "2032076");
  EXPECT_EQ(Text("m"), "1700000000000");
  EXPECT_EQ(Text("small"), "1e-30");
  EXPECT_EQ(Text("big"), "1e+300");
  EXPECT_EQ(Text("n"), "");
  EXPECT_EQ(Text("none"), "");
  EXPECT_EQ(Text("o.x.y"), "deep");
  EXPECT_EQ(Text("o.flat"), "flat");
  EXPECT_EQ(Text("o.none.y"), "");
  EXPECT_EQ(Text("s.x"), "");
  for (const char* path : {"b", "a", "o", "o.x"}) EXPECT_EQ(Text(path), "(other type)");
  EXPECT_EQ(json_.TextOrEmpty(JsonPath("a")), "");
  EXPECT_TRUE(json_.Has(JsonPath("n")));
  EXPECT_FALSE(json_.Has(JsonPath("none")));
}

TEST_F(JsonLineTest, SaysWhyALineIsNoObject) {
  for (const char* text : {"{", "{}}", "{\"a\":1,}", "a,b", "{'a':1}", "{\"a\":01}", "{\"a\":\"\n\"}", "{} {}"}) {
    EXPECT_EQ(Parse(text), "not JSON") << text;
  }
  EXPECT_EQ(Parse("{\"a\":\"\xFF\"}"), "not UTF-8");
  for (const char* text : {"[]", "1", "\"a\"", "null"}) EXPECT_EQ(Parse(text), "not a JSON object") << text;
  EXPECT_EQ(Parse(std::string(5000, '[')), "not JSON");
  EXPECT_EQ(Parse("{}"), "");
}

TEST_F(JsonLineTest, NamesAreDotted) {
  ASSERT_EQ(Parse(R"({"a":1,"b":{"c":null,"d":{"e":[{"f":1}]}},"g":{}})"), "");
  EXPECT_THAT(json_.Names(), ElementsAre("a", "b.c", "b.d.e"));
}

TEST_F(JsonLineTest, WrappersAreSeenAndEntered) {
  ASSERT_EQ(Parse(R"({"index":{"_id":"1"}})"), "");
  EXPECT_TRUE(json_.IsWrapped("index"));
  EXPECT_FALSE(json_.IsWrapped("create"));
  ASSERT_EQ(Parse(R"({"index":{"_id":"1"},"x":1})"), "");
  EXPECT_FALSE(json_.IsWrapped("index"));
  ASSERT_EQ(Parse(R"({"index":"a"})"), "");
  EXPECT_FALSE(json_.IsWrapped("index"));
  ASSERT_EQ(Parse(R"({"_id":"1","_source":{"q":"tent"}})"), "");
  json_.Enter("none");
  EXPECT_EQ(Text("_id"), "1");
  json_.Enter("_source");
  EXPECT_EQ(Text("q"), "tent");
}

}  // namespace
}  // namespace kindred
