#include "index/log/time_parser.h"

#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(TimeParserTest, ReadsWhatLogsHold) {
  const struct {
    const char* text;
    int64_t want_ms;
  } kCases[] = {
      {"2011-10-09 17:21:42.917", 1318180902917},
      {"2011-10-09T17:21:42.917", 1318180902917},
      {"2011-10-09T17:21:42.917Z", 1318180902917},
      {"2011-10-09t17:21:42.917z", 1318180902917},
      {"2011-10-09 17:21:42.917 UTC", 1318180902917},
      {"2011-10-09 17:21:42,917", 1318180902917},
      {"2011-10-10T01:21:42.917+08:00", 1318180902917},
      {"2011-10-10 01:21:42.917 +0800", 1318180902917},
      {"2011-10-10T01:21:42.917+08", 1318180902917},
      {"2011-10-09T11:51:42.917-0530", 1318180902917},
      {"2011-10-09T17:21:42.917999999", 1318180902917},
      {"2011-10-09T17:21:42.9", 1318180902900},
      {"2011-10-09T17:21:42", 1318180902000},
      {"2011-10-09T17:21", 1318180860000},
      {"2011-10-09", 1318118400000},
      {"2000-02-29", 951782400000},
      {"2024-02-29T23:59:59Z", 1709251199000},
      {"2024-03-01", 1709251200000},
      {"2023-12-31", 1703980800000},
      {"1318180902", 1318180902000},
      {"1318180902.917", 1318180902917},
      {"1318180902.9", 1318180902900},
      {"1318180902917", 1318180902917},
      {"0001318180902", 1318180902000},
      {"0631152000000", 631152000000},
      {"1318180902917.5", 1318180902917},
      {"1318180902917123", 1318180902917},
      {"1318180902917123456", 1318180902917},
      {"631152000", 631152000000},
      {"1990-01-01", 631152000000},
      {"2199-12-31T23:59:59.999Z", 7258118399999},
      {"7258118399", 7258118399000},
      {"7258118399999", 7258118399999},
  };
  for (const auto& c : kCases) EXPECT_EQ(ParseTimeMs(c.text), c.want_ms) << c.text;
}

TEST(TimeParserTest, RefusesWhatIsNoTime) {
  const char* const kCases[] = {
      "",
      " ",
      "-",
      "now",
      "2011",
      "2011-10",
      "2011-10-9",
      "2011-1-09",
      "2011/10/09",
      "2011-10-09T",
      "2011-10-09 ",
      "2011-10-09T17",
      "2011-10-09T17:",
      "2011-10-09T17:2",
      "2011-10-09T1:21:42",
      "2011-10-09T17:21:",
      "2011-10-09T17:21:4",
      "2011-10-09T17:21:42.",
      "2011-10-09T17:21:42.x",
      "2011-10-09T17:21:42ZZ",
      "2011-10-09T17:21:42+8",
      "2011-10-09T17:21:42+08:",
      "2011-10-09T17:21:42+080",
      "2011-10-09T17:21:42+08000",
      "2011-10-09T17:21:42+15:00",
      "2011-10-09T17:21:42+08:60",
      "2011-10-09T17:21:42 ",
      "2011-10-09T17:21:42 PST",
      "2011-10-09T17:21:42UT",
      "2011-10-09  17:21:42",
      "2011-10-09x17:21:42",
      "2011-13-09",
      "2011-00-09",
      "2011-10-00",
      "2011-10-32",
      "2011-02-29",
      "2100-02-29",
      "2011-04-31",
      "2011-10-09T24:00:00",
      "2011-10-09T17:60:00",
      "2011-10-09T17:21:60",
      "201a-10-09",
      "2011-10-0a",
      "1989-12-31",
      "1969-12-31",
      "2200-01-01",
      "0000-01-01",
      "9999-12-31",
      "1990-01-01T00:00:00+08:00",
      "0",
      "1",
      "631151999",
      "7258118400",
      "7258118400000",
      "13181809029171234567",
      "99999999999999999999",
      "-1318180902",
      "+1318180902",
      "1.318e9",
      "1318180902.",
      "1318180902.x",
      "0x4E91D9A6",
      "1318180902 ",
      " 1318180902",
      "nan",
      "inf",
  };
  for (const char* text : kCases) EXPECT_EQ(ParseTimeMs(text), std::nullopt) << "\"" << text << "\"";
  EXPECT_EQ(ParseTimeMs(absl::string_view("2011-10-09\0", 11)), std::nullopt);
}

// What scripts make of times: numbers in exponents, signs, no time at all, numbers past what a double can count.
TEST(TimeParserTest, RefusesWhatScriptsMakeOfTimes) {
  for (const char* text :
       {"1.75e+12", "1.75E12", "175e10", "1.71753e+12", "-1", "-1318180902917", "0", "86399", "86399000", "1970-01-01",
        "1970-01-01T00:00:00Z", "9007199254740993", "18446744073709551616", "1318180902917000000000000",
        "131818090291700000000000000000000", "Infinity", "NaN", "None"}) {
    EXPECT_EQ(ParseTimeMs(text), std::nullopt) << text;
  }
}

TEST(TimeParserTest, OneWrongCharacterAnywhereIsRefused) {
  for (const std::string text :
       {"2011-10-09T17:21:42.917Z", "2011-10-09 17:21:42", "1318180902917", "1318180902917123"}) {
    ASSERT_NE(ParseTimeMs(text), std::nullopt);
    for (size_t i = 0; i < text.size(); ++i) {
      for (int c = 0; c < 256; ++c) {
        std::string damaged = text;
        damaged[i] = static_cast<char>(c);
        if (damaged == text) continue;  // A colon.
        // These may stand in several places; the cases above tell where.
        if (absl::StrContains("Tt .,Zz+-0123456789", static_cast<char>(c))) continue;
        ASSERT_EQ(ParseTimeMs(damaged), std::nullopt) << damaged;
      }
    }
  }
}

TEST(TimeParserTest, AgreesWithAbslOnRandomTimes) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<int64_t> any(631152000000, 7258118399999);
  for (int i = 0; i < 20'000; ++i) {
    const int64_t ms = any(random);
    const absl::TimeZone zone = absl::FixedTimeZone(static_cast<int>(random() % 113 - 56) * 900);  // -14:00 .. +14:00
    const std::string text = absl::FormatTime("%E4Y-%m-%dT%H:%M:%E3S%Ez", absl::FromUnixMillis(ms), zone);
    EXPECT_EQ(ParseTimeMs(text), ms) << text;
    EXPECT_EQ(ParseTimeMs(absl::StrCat(ms)), ms);
    EXPECT_EQ(ParseTimeMs(absl::StrCat(ms / 1000)), ms / 1000 * 1000);
  }
}

TEST(TimeParserTest, EveryDayOfTheRangeIsTheNextOfTheLast) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  for (absl::CivilDay day(1990, 1, 1); day < absl::CivilDay(2200, 1, 1); ++day) {
    const std::string text = absl::FormatCivilTime(day);
    ASSERT_EQ(ParseTimeMs(text), absl::ToUnixMillis(absl::FromCivil(day, utc))) << text;
  }
}

}  // namespace
}  // namespace kindred
