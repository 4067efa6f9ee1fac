#include "common/logging.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "simdjson.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

// What `log` writes to standard error after InitLogging(format, level).
template <typename Function>
std::string Logged(const char* format, const char* level, Function log) {
  ::testing::internal::CaptureStderr();
  EXPECT_OK(InitLogging(format, level));
  log();
  return ::testing::internal::GetCapturedStderr();
}

// The string member `name` of a JSON object.
std::string Member(const std::string& json, const char* name) {
  simdjson::dom::parser parser;
  std::string_view value;
  const simdjson::error_code error = parser.parse(json)[name].get(value);
  EXPECT_EQ(error, simdjson::SUCCESS) << simdjson::error_message(error) << " in " << json;
  return error ? "" : std::string(value);
}

TEST(LoggingTest, RefusesAnUnknownFormatOrLevelByName) {
  EXPECT_THAT(InitLogging("xml", "info"), testing::HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("\"xml\"")));
  for (const char* level : {"", "loud", "off", "trace", "critical"}) {
    SCOPED_TRACE(level);
    EXPECT_THAT(InitLogging("text", level), testing::HasStatus(absl::StatusCode::kInvalidArgument,
                                                               HasSubstr(absl::StrCat("--log_level ", level, ":"))));
  }
}

TEST(LoggingTest, TextIsOneLineOfFieldsAnEyeCanRead) {
  const std::string out = Logged("text", "info", [] {
    LogInfo("opened", {{"version", "42"}, {"path", "/srv/my index"}, {"note", "two\nlines"}, {"none", ""}});
  });
  EXPECT_THAT(out, MatchesRegex("[0-9-]+T[0-9:.]+[+-][0-9:]+ info opened version=42 path=\"/srv/my index\" "
                                "note=\"two.u000alines\" none=\"\"\n"));
}

TEST(LoggingTest, JsonIsOneObjectALineWithEveryFieldAsAString) {
  const std::string out = Logged("json", "info", [] { LogWarning("index refused", {{"version", "42"}}); });
  EXPECT_EQ(Member(out, "event"), "index refused");
  EXPECT_EQ(Member(out, "level"), "warning");
  EXPECT_EQ(Member(out, "version"), "42");
  EXPECT_THAT(Member(out, "time"), ContainsRegex("^20[0-9-]+T[0-9:.]+[+-][0-9]+:[0-9]+$"));
}

TEST(LoggingTest, JsonCarriesEveryCharacterBack) {
  std::string ascii;
  for (char c = 0; c < 0x7F; ++c) ascii += c;
  for (const std::string& value : {ascii, std::string("藍牙耳機 é 😀"), std::string("{} {0} %v %l")}) {
    const std::string out = Logged("json", "info", [&] { LogInfo("e", {{"value", value}}); });
    EXPECT_EQ(Member(out, "value"), value);
    EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1) << out;
  }
}

TEST(LoggingTest, JsonStaysValidForBytesThatAreNotUtf8) {
  // Cut off, lone continuation, overlong, surrogate, above U+10FFFF, Latin-1.
  for (const char* bad :
       {"\xE8\x97", "\x97", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5", "\xE9t"}) {
    const std::string out = Logged("json", "info", [&] { LogInfo("e", {{"value", absl::StrCat("a", bad, "z")}}); });
    EXPECT_THAT(Member(out, "value"), MatchesRegex("a(\xEF\xBF\xBD)+t?z")) << out;
  }
}

TEST(LoggingTest, SaysNothingBelowItsLevel) {
  const auto log_all = [] {
    LogDebug("d");
    LogInfo("i");
    LogWarning("w");
    LogError("e");
  };
  EXPECT_THAT(Logged("text", "error", log_all), MatchesRegex("[^\n]* error e\n"));
  EXPECT_THAT(Logged("text", "warning", log_all), MatchesRegex("[^\n]* warning w\n[^\n]* error e\n"));
  EXPECT_THAT(Logged("text", "debug", log_all), HasSubstr(" debug d\n"));
  EXPECT_THAT(Logged("text", "info", [] { LogDebug("a shopper's query"); }), IsEmpty());
}

TEST(LoggingTest, ScopesAddTheirFieldsWhileTheyLive) {
  int asked = 0;
  const std::string out = Logged("text", "info", [&asked] {
    const auto outer = [] { return LogFields{{"outer", "1"}}; };
    const auto inner = [&asked] { return LogFields{{"inner", absl::StrCat(++asked)}}; };
    {
      const LogScope outer_scope(outer);
      const LogScope inner_scope(inner);
      LogDebug("unheard");
      LogInfo("both", {{"own", "0"}});
      std::thread([] { LogInfo("elsewhere"); }).join();
    }
    LogInfo("neither");
  });
  EXPECT_THAT(out,
              AllOf(HasSubstr(" both own=0 outer=1 inner=1\n"), HasSubstr(" elsewhere\n"), HasSubstr(" neither\n")));
  EXPECT_EQ(asked, 1) << "only for lines that are written";
}

TEST(LoggingTest, KnowsWhetherDebugLinesAreWritten) {
  bool logs_debug = false;
  Logged("text", "debug", [&] { logs_debug = LogsDebug(); });
  EXPECT_TRUE(logs_debug);
  Logged("text", "info", [&] { logs_debug = LogsDebug(); });
  EXPECT_FALSE(logs_debug);
}

}  // namespace
}  // namespace kindred
