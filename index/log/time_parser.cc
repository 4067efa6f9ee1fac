#include "index/log/time_parser.h"

#include <bit>
#include <cstring>

#include "absl/base/attributes.h"

namespace kindred {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kFirstMs = 631'152'000'000;  // 1990-01-01
constexpr int64_t kEndMs = 7'258'118'400'000;  // 2200-01-01

// Eight characters at once, each as its difference from one of `pattern`: the value of a digit where that is '0'.
uint64_t Differences(const char* text, const char* pattern) {
  uint64_t characters, subtrahend;
  std::memcpy(&characters, text, 8);
  std::memcpy(&subtrahend, pattern, 8);
  return characters ^ subtrahend;
}

// True where each of eight bytes is at most 9, or 0 where `zeros` has 9. A byte over its limit reaches its top bit, or
// has it set already, in which case it does not matter that the sum may reach into the next.
bool WithinDigits(uint64_t bytes, uint64_t zeros = 0) {
  constexpr uint64_t kToTopBit = 0x7676767676767676;  // 9 stays below 0x80, 10 reaches it.
  return (((bytes + kToTopBit + zeros) | bytes) & 0x8080808080808080) == 0;
}

// The number of eight digits, the first in the lowest byte: they are joined to pairs, fours, and one number.
uint64_t Joined(uint64_t digits) {
  digits = (digits * (1 + (10 << 8)) >> 8) & 0x00FF00FF00FF00FF;
  digits = (digits * (1 + (100 << 16)) >> 16) & 0x0000FFFF0000FFFF;
  return digits * (1 + (uint64_t{10'000} << 32)) >> 32;
}

bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') <= 9; }

int64_t InRange(int64_t ms) { return ms < kFirstMs || ms >= kEndMs ? kNoTimeMs : ms; }

// Takes text from its front; every Take fails for good once one has failed, so that callers check once.
class Scanner {
 public:
  explicit Scanner(absl::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool ok() const { return ok_; }
  bool done() const { return at_ == end_; }
  char Peek() const { return at_ == end_ ? '\0' : *at_; }
  void Skip() { ++at_; }
  void Expect(char c) {
    if (at_ == end_ || *at_ != c) {
      ok_ = false;
    } else {
      ++at_;
    }
  }
  // Exactly two digits.
  int TakeTwo() {
    if (end_ - at_ < 2 || !IsDigit(at_[0]) || !IsDigit(at_[1])) {
      ok_ = false;
      return 0;
    }
    const int value = (at_[0] - '0') * 10 + (at_[1] - '0');
    at_ += 2;
    return value;
  }
  // One digit or more after the decimal point, as milliseconds.
  int TakeFractionMs() {
    int ms = 0;
    int digits = 0;
    for (; at_ != end_ && IsDigit(*at_); ++at_, ++digits) {
      if (digits < 3) ms = ms * 10 + (*at_ - '0');
    }
    if (digits == 0) ok_ = false;
    for (; digits < 3; ++digits) ms *= 10;
    return ms;
  }

 private:
  const char* at_;
  const char* end_;
  bool ok_ = true;
};

bool IsLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

// Days from 1970-01-01 of a Gregorian date. REQUIRES: 1970 <= year, a real date.
int64_t DaysSinceEpoch(int year, int month, int day) {
  static constexpr int kBefore[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  const int past = year - 1;
  const int64_t leap_days = (past / 4 - past / 100 + past / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
  const int64_t days = int64_t{365} * (year - 1970) + leap_days + kBefore[month - 1] + (day - 1);
  return days + (month > 2 && IsLeap(year) ? 1 : 0);
}

// The zone's distance from UTC, in minutes, and the end of the text.
std::optional<int> TakeZone(Scanner& scan) {
  if (scan.done()) return 0;
  if (scan.Peek() == ' ') scan.Skip();
  const char first = scan.Peek();
  if (first == 'Z' || first == 'z') {
    scan.Skip();
  } else if (first == 'U') {
    for (const char c : {'U', 'T', 'C'}) scan.Expect(c);
  } else if (first == '+' || first == '-') {
    scan.Skip();
    const int hours = scan.TakeTwo();
    int minutes = 0;
    if (!scan.done()) {
      if (scan.Peek() == ':') scan.Skip();
      minutes = scan.TakeTwo();
    }
    if (!scan.ok() || !scan.done() || hours > 14 || minutes > 59) return std::nullopt;
    return (first == '-' ? -1 : 1) * (hours * 60 + minutes);
  } else {
    return std::nullopt;
  }
  if (!scan.ok() || !scan.done()) return std::nullopt;
  return 0;
}

struct Date {
  int year, month, day;
};

bool IsReal(const Date& date) {
  return date.year >= 1970 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= DaysInMonth(date.year, date.month);
}

constexpr size_t kToSeconds = 19;  // "2011-10-09T17:21:42"

// A text that begins as nearly all do, to the second.
int64_t ParseUsualIso(absl::string_view text) {
  const char* const at = text.data();
  const auto two = [at](size_t i) { return (at[i] - '0') * 10 + (at[i + 1] - '0'); };
  const Date date = {two(0) * 100 + two(2), two(5), two(8)};
  const int hour = two(11), minute = two(14), second = two(17);
  if (!IsReal(date) || hour > 23 || minute > 59 || second > 59) return kNoTimeMs;
  int64_t ms = (hour * 3600 + minute * 60 + second) * int64_t{1'000};
  Scanner scan(text.substr(kToSeconds));
  if (scan.Peek() == '.' || scan.Peek() == ',') {
    scan.Skip();
    ms += scan.TakeFractionMs();
    if (!scan.ok()) return kNoTimeMs;
  }
  const std::optional<int> zone = TakeZone(scan);
  if (!zone.has_value()) return kNoTimeMs;
  return InRange(DaysSinceEpoch(date.year, date.month, date.day) * kDayMs + ms - *zone * int64_t{60'000});
}

bool IsUsualIso(absl::string_view text) {
  static constexpr uint64_t kDashes = 0x0900'0009'0000'0000, kColons = 0x0000'0900'0009'0000;
  if constexpr (std::endian::native != std::endian::little) return false;
  return text.size() >= kToSeconds && WithinDigits(Differences(text.data(), "0000-00-"), kDashes) &&
         WithinDigits(Differences(text.data() + 11, "00:00:00"), kColons) && IsDigit(text[8]) && IsDigit(text[9]) &&
         (text[10] == 'T' || text[10] == ' ' || text[10] == 't');
}

int64_t ParseIso(absl::string_view text) {
  if (IsUsualIso(text)) return ParseUsualIso(text);
  Scanner scan(text);
  const int century = scan.TakeTwo();
  const int year = century * 100 + scan.TakeTwo();
  scan.Expect('-');
  const int month = scan.TakeTwo();
  scan.Expect('-');
  const int day = scan.TakeTwo();
  if (!scan.ok() || !IsReal({year, month, day})) return kNoTimeMs;
  const int64_t midnight = DaysSinceEpoch(year, month, day) * kDayMs;
  if (scan.done()) return InRange(midnight);
  if (scan.Peek() != 'T' && scan.Peek() != 't' && scan.Peek() != ' ') return kNoTimeMs;
  scan.Skip();
  const int hour = scan.TakeTwo();
  scan.Expect(':');
  const int minute = scan.TakeTwo();
  int second = 0;
  int ms = 0;
  if (scan.Peek() == ':') {
    scan.Skip();
    second = scan.TakeTwo();
    if (scan.Peek() == '.' || scan.Peek() == ',') {
      scan.Skip();
      ms = scan.TakeFractionMs();
    }
  }
  if (!scan.ok() || hour > 23 || minute > 59 || second > 59) return kNoTimeMs;
  const std::optional<int> zone = TakeZone(scan);
  if (!zone.has_value()) return kNoTimeMs;
  const int64_t minutes = hour * 60 + minute - *zone;
  return InRange(midnight + minutes * 60'000 + second * 1'000 + ms);
}

// By the number's magnitude; fraction_ms is of seconds.
int64_t FromEpoch(uint64_t value, int fraction_ms) {
  if (value < 100'000'000'000) return InRange(static_cast<int64_t>(value) * 1000 + fraction_ms);
  if (value < 100'000'000'000'000) return InRange(static_cast<int64_t>(value));
  if (value < 100'000'000'000'000'000) return InRange(static_cast<int64_t>(value / 1000));
  return InRange(static_cast<int64_t>(value / 1'000'000));
}

// The number of 8 + `more` digits, which are all there is; 0 where they are none. REQUIRES: 1 <= more <= 8.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline uint64_t ParseDigits(const char* text, size_t more) {
  static constexpr uint64_t kPowersOfTen[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};
  const uint64_t first = Differences(text, "00000000"), last = Differences(text + more, "00000000");
  if (!WithinDigits(first) || !WithinDigits(last)) return 0;
  return Joined(first) * kPowersOfTen[more] + Joined(last & UINT64_MAX << (64 - 8 * more));
}

int64_t ParseEpoch(absl::string_view text) {
  uint64_t value = 0;
  size_t i = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; i < 16 && text.size() - i >= 8; i += 8) {
      const uint64_t digits = Differences(text.data() + i, "00000000");
      if (!WithinDigits(digits)) break;
      value = value * 100'000'000 + Joined(digits);
    }
  }
  for (; i < text.size() && IsDigit(text[i]); ++i) value = value * 10 + static_cast<uint64_t>(text[i] - '0');
  if (i == 0 || i > 19) return kNoTimeMs;  // 19 digits cannot overflow 64 bits.
  int fraction_ms = 0;
  if (i < text.size()) {
    if (text[i] != '.') return kNoTimeMs;
    Scanner scan(text.substr(i + 1));
    fraction_ms = scan.TakeFractionMs();
    if (!scan.ok() || !scan.done()) return kNoTimeMs;
  }
  return FromEpoch(value, fraction_ms);
}

ABSL_ATTRIBUTE_NOINLINE int64_t TimeMsOfOthers(absl::string_view text) {
  return text.size() >= 10 && text[4] == '-' ? ParseIso(text) : ParseEpoch(text);
}

}  // namespace

int64_t TimeMsOrNone(absl::string_view text) {
  if constexpr (std::endian::native == std::endian::little) {
    if (text.size() == 13) {  // Milliseconds since 2001, as in most logs of numbers.
      const int64_t ms = InRange(static_cast<int64_t>(ParseDigits(text.data(), 5)));
      if (ms != kNoTimeMs) return ms;
    }
    if (text.size() >= 9 && text.size() <= 16) {
      if (const uint64_t digits = ParseDigits(text.data(), text.size() - 8); digits > 0) return FromEpoch(digits, 0);
    }
  }
  return TimeMsOfOthers(text);
}

std::optional<int64_t> ParseTimeMs(absl::string_view text) {
  const int64_t ms = TimeMsOrNone(text);
  if (ms == kNoTimeMs) return std::nullopt;
  return ms;
}

}  // namespace kindred
