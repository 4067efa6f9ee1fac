#include "index/mine/personal_number.h"

#include <algorithm>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "index/mine/ascii.h"

namespace kindred {
namespace {

// A row of digits within a number.
struct Group {
  absl::string_view digits;
  bool plus = false;         // '+' stands before it.
  bool parentheses = false;  // It stands in parentheses.
  char separator = '\0';     // Between it and the group before; '\0' for the first.
};
using Number = absl::InlinedVector<Group, 8>;

constexpr size_t kMaxGroups = 6;  // Of one number: "+886 2 2345 6789 12".

int Value(char digit) { return digit - '0'; }

std::string Join(absl::Span<const Group> groups) {
  std::string digits;
  for (const Group& group : groups) digits.append(group.digits.data(), group.digits.size());
  return digits;
}

// "4-3-3" for 0912-345-678.
std::string Shape(absl::Span<const Group> groups) {
  std::string shape;
  for (const Group& group : groups) {
    if (!shape.empty()) shape.push_back('-');
    shape += std::to_string(group.digits.size());
  }
  return shape;
}

bool SpacesOnly(absl::Span<const Group> groups) {
  return std::all_of(groups.begin(), groups.end(), [](const Group& group) {
    return !group.parentheses && (group.separator == ' ' || group.separator == '\0');
  });
}

bool PassesLuhn(absl::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    int value = Value(digits[digits.size() - 1 - i]);
    if (i % 2 == 1) value = value > 4 ? 2 * value - 9 : 2 * value;
    sum += value;
  }
  return sum % 10 == 0;
}

// Prefixes and lengths of the issuers: ISO/IEC 7812, as Visa, Mastercard, American Express, Diners, Discover, JCB and
// UnionPay publish them.
bool IsIssuers(absl::string_view digits) {
  const int four = Value(digits[0]) * 1000 + Value(digits[1]) * 100 + Value(digits[2]) * 10 + Value(digits[3]);
  const size_t length = digits.size();
  if (length == 14) return (four >= 3000 && four <= 3059) || four / 100 == 36 || four / 100 == 38;
  if (length == 15) return four / 100 == 34 || four / 100 == 37;
  if (length == 16 && ((four >= 5100 && four <= 5599) || (four >= 2221 && four <= 2720))) return true;
  if ((length == 16 || length == 19) && four / 1000 == 4) return true;
  if (length < 16 || length > 19) return false;
  return four == 6011 || four / 100 == 65 || (four >= 6440 && four <= 6499) || (four >= 3528 && four <= 3589) ||
         four / 100 == 62;
}

bool IsCard(absl::Span<const Group> groups) {
  const std::string digits = Join(groups);
  if (digits.size() < 14 || digits.size() > 19) return false;
  const std::string shape = Shape(groups);
  if (groups.size() > 1 && shape != "4-4-4-4" && shape != "4-4-4-4-3" && shape != "4-6-5" && shape != "4-6-4")
    return false;
  return IsIssuers(digits) && PassesLuhn(digits);
}

// GB 11643: 17 digits weighted by powers of two modulo 11; the birth date must be one.
bool IsMainlandIdentity(absl::string_view digits, char check) {
  constexpr int kWeights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) sum += Value(digits[i]) * kWeights[i];
  const int century = Value(digits[6]) * 10 + Value(digits[7]);
  const int month = Value(digits[10]) * 10 + Value(digits[11]), day = Value(digits[12]) * 10 + Value(digits[13]);
  if (century < 19 || century > 20 || month < 1 || month > 12 || day < 1 || day > 31) return false;
  return "10x98765432"[sum % 11] == check;
}

bool IsPhone(absl::Span<const Group> groups) {
  const std::string digits = Join(groups);
  if (groups[0].plus) return digits.size() >= 9 && digits.size() <= 15;
  const std::string shape = Shape(groups);
  const bool whole = groups.size() == 1;
  if (absl::StartsWith(digits, "09") && digits.size() == 10) return whole || groups[0].digits.size() >= 4;
  const bool japanese_mobile = digits.size() == 11 && digits[0] == '0' && digits[2] == '0' && digits[1] >= '7';
  if (japanese_mobile && (whole || shape == "3-4-4")) return true;
  if (whole) return false;
  const absl::string_view first = groups[0].digits;
  if (first == "886") return digits.size() >= 11 && digits.size() <= 13;
  if (digits[0] == '0' && (digits.size() == 9 || digits.size() == 10)) {
    // The area code stands apart: 02-2345-6789, (04)22345678, 037-123456, 03-1234-5678, 0800-123-456.
    return first.size() >= 2 && first.size() <= 4 && digits[1] != '0' && groups[1].digits.size() >= 3 &&
           groups.back().digits.size() >= 3;
  }
  if (SpacesOnly(groups)) return false;
  return shape == "3-3-4" || (shape == "1-3-3-4" && first == "1");
}

PersonalNumber Classify(absl::Span<const Group> groups) {
  if (IsCard(groups)) return PersonalNumber::kCard;
  if (IsPhone(groups)) return PersonalNumber::kPhone;
  if (groups.size() == 1 && groups[0].digits.size() == 18 &&
      IsMainlandIdentity(groups[0].digits, groups[0].digits[17])) {
    return PersonalNumber::kIdentity;
  }
  if (Shape(groups) == "3-2-4" && groups[1].separator == '-' && groups[2].separator == '-') {
    return PersonalNumber::kIdentity;
  }
  return PersonalNumber::kNone;
}

// Looks at the groups together, then at fewer of them: "4111 1111 1111 1111 2 pack".
PersonalNumber Classify(const Number& number) {
  for (size_t length = std::min(number.size(), kMaxGroups); length > 0; --length) {
    for (size_t first = 0; first + length <= number.size(); ++first) {
      // A part that a dot or hyphen ties to the rest is no number of its own.
      const auto tied = [&](size_t group) { return group < number.size() && number[group].separator != ' '; };
      if ((first > 0 && tied(first)) || tied(first + length)) continue;
      const PersonalNumber found = Classify(absl::MakeConstSpan(number).subspan(first, length));
      if (found != PersonalNumber::kNone) return found;
    }
  }
  return PersonalNumber::kNone;
}

// Codes of the first letters, A to Z, of Taiwan's identity numbers.
constexpr int kLetterCodes[26] = {10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21,
                                  22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33};

// A letter, 1 or 2 (8 or 9, formerly a to d, for residents), seven digits and a check digit.
bool IsTaiwanIdentity(absl::string_view word) {
  if (word.size() != 10 || !IsLetter(word[0])) return false;
  const char second = word[1];
  const bool letter = second >= 'a' && second <= 'd';
  if (!letter && second != '1' && second != '2' && second != '8' && second != '9') return false;
  if (!std::all_of(word.begin() + 2, word.end(), IsDigit)) return false;
  const int code = kLetterCodes[word[0] - 'a'];
  int sum = code / 10 + 9 * (code % 10) + 8 * (letter ? kLetterCodes[second - 'a'] % 10 : Value(second));
  for (size_t i = 2; i < 9; ++i) sum += Value(word[i]) * static_cast<int>(9 - i);
  return (sum + Value(word[9])) % 10 == 0;
}

PersonalNumber ClassifyWord(absl::string_view word) {
  if (IsTaiwanIdentity(word)) return PersonalNumber::kIdentity;
  const bool x_ends = word.size() == 18 && word.back() == 'x' && std::all_of(word.begin(), word.end() - 1, IsDigit);
  return x_ends && IsMainlandIdentity(word, 'x') ? PersonalNumber::kIdentity : PersonalNumber::kNone;
}

// The character that separates two groups, or '\0' where more stands between them: ") " counts as one.
char Separator(absl::string_view between) {
  if (between.size() == 2 && (between == ") " || between == ")-" || between == " (")) return between[0];
  if (between.size() != 1) return '\0';
  return between[0] == ' ' || between[0] == '-' || between[0] == '.' || between[0] == ')' ? between[0] : '\0';
}

}  // namespace

PersonalNumber FindPersonalNumber(absl::string_view text) {
  Number number;
  size_t last_end = 0;  // Of the group before.
  PersonalNumber found = PersonalNumber::kNone;
  for (size_t begin = 0; begin < text.size() && found == PersonalNumber::kNone;) {
    if (!IsDigit(text[begin]) && !IsLetter(text[begin])) {
      ++begin;
      continue;
    }
    size_t end = begin;
    while (end < text.size() && (IsDigit(text[end]) || IsLetter(text[end]))) ++end;
    const absl::string_view word = text.substr(begin, end - begin);
    const char before = begin > 0 ? text[begin - 1] : ' ';
    if (std::all_of(word.begin(), word.end(), IsDigit)) {
      const char separator = number.empty() ? '\0' : Separator(text.substr(last_end, begin - last_end));
      if (separator == '\0') {
        found = Classify(number);
        number.clear();
      }
      number.push_back({word, before == '+', before == '(', separator});
      last_end = end;
    } else {
      found = ClassifyWord(word);
      if (found == PersonalNumber::kNone) found = Classify(number);
      number.clear();
    }
    begin = end;
  }
  return found == PersonalNumber::kNone ? Classify(number) : found;
}

}  // namespace kindred
