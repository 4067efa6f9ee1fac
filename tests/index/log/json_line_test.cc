#include "index/log/json_line.h"

#include <string>

#include "absl/strings/str_cat.h"
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

TEST_F(JsonLineTest, AWholeNumberAbove64BitsHasAReasonOfItsOwn) {
  const std::string reason = "number above 64 bits: write it as a string";
  for (const char* number : {"18446744073709551616", "-9223372036854775809", "123456789012345678901234567890"}) {
    EXPECT_EQ(Parse(absl::StrCat("{\"q\":\"27\\\"\",\"id\":", number, "}")), reason) << number;
  }
  EXPECT_EQ(Parse(R"({"id":"123456789012345678901234567890"})"), "");
  EXPECT_EQ(Parse(R"({"id":"123456789012345678901234567890","a":01})"), "not JSON");
  EXPECT_EQ(Parse(R"({"id":123456789012345678.5})"), "");
}

TEST_F(JsonLineTest, NamesAreDotted) {
  ASSERT_EQ(Parse(R"({"a":1,"b":{"c":null,"d":{"e":[{"f":1}]}},"g":{}})"), "");
  EXPECT_THAT(json_.Names(), ElementsAre("a", "b.c", "b.d.e"));
}

TEST_F(JsonLineTest, MembersAreVisitedAndThoseOfObjectsWhereAskedFor) {
  ASSERT_EQ(Parse(absl::StrCat(R"({"a":1,"b":{"c":"x","d":{"e":null}},"f":{"g":2},"h":[3],")", std::string(257, 'k'),
                               R"(":4})")),
            "");
  std::vector<std::string> visited;
  json_.Visit([&](absl::string_view name, const JsonLine::Value* value) {
    const auto text = value == nullptr ? std::nullopt : json_.Text(*value);
    visited.push_back(absl::StrCat(name, "=", text.value_or("other")));
    return name != "f";
  });
  EXPECT_THAT(visited, ElementsAre("a=1", "b=other", "b.c=x", "b.d=other", "b.d.e=", "f=other", "h=other"));
}

TEST_F(JsonLineTest, NamesAreFewAndShortWhateverTheLine) {
  const std::string longest(256, 'k');
  ASSERT_EQ(Parse(absl::StrCat("{\"", longest, "\":1,\"", longest, "k\":1,\"", std::string(254, 'o'),
                               "\":{\"a\":1,\"bc\":1},\"z\":1}")),
            "");
  ASSERT_THAT(json_.Names(), ElementsAre(longest, std::string(254, 'o') + ".a", "z"));
  std::string line = "{\"" + std::string(500'000, 'k') + "\":{\"a\":1";
  for (int i = 0; i < 80'000; ++i) line += ",\"a\":1";
  ASSERT_EQ(Parse(line + "}}"), "");
  EXPECT_THAT(json_.Names(), ElementsAre());
  line = "{\"a\":1";
  for (int i = 0; i < 80'000; ++i) absl::StrAppend(&line, ",\"a", i, "\":1");
  ASSERT_EQ(Parse(line + "}"), "");
  EXPECT_EQ(json_.Names().size(), 4096u);
  line.clear();
  for (int i = 0; i < 1000; ++i) line += "{\"a\":1,\"b\":";
  ASSERT_EQ(Parse(line + "1" + std::string(1000, '}')), "");
  EXPECT_EQ(json_.Names().size(), 128u);  // "a", "b.a", "b.b.a", ...
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
