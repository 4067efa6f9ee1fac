#include "index/build/sample_spelling.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "index/build/sample_characters.h"

namespace kindred {
namespace {

constexpr size_t kShortestSlip = 5;  // Letters of a word: below, a slip gives another word.
constexpr char32_t kIdeographicSpace = U'\u3000';

bool IsLatin(char32_t c) { return c < 0x80 && absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsWide(char32_t c) { return c >= 0x2E80; }

// Drops the spaces that touch a Chinese or Japanese character: "iphone 15 保護殼" to "iphone 15保護殼".
std::u32string WithoutSpaces(const std::u32string& text) {
  std::u32string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool inside = i > 0 && i + 1 < text.size();
    if (text[i] == U' ' && inside && (IsWide(text[i - 1]) || IsWide(text[i + 1]))) continue;
    result.push_back(text[i]);
  }
  return result;
}

// "airpods pro" to "Airpods Pro".
void Capitalize(std::u32string& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool starts = i == 0 || text[i - 1] == U' ';
    if (starts && IsLatin(text[i])) text[i] = static_cast<char32_t>(absl::ascii_toupper(static_cast<char>(text[i])));
  }
}

void Widen(std::u32string& text) {
  for (char32_t& c : text) {
    if (c == U' ') c = kIdeographicSpace;
    if (c > U' ' && c < 0x7F) c += 0xFEE0;
  }
}

std::string WithSlip(absl::string_view text, const SampleTopic* topic, SampleRandom& random) {
  if (topic != nullptr && !topic->respellings.empty()) {
    // The first respelling of a list is the common one.
    const size_t pick = random.Chance(650) ? 0 : random.Below(topic->respellings.size());
    std::string respelled = Respelled(text, topic->heads[0], topic->respellings[pick]);
    if (respelled != text) return respelled;
  }
  return LatinSlip(text, random.Chance(667) ? 0 : random.Below(kLatinSlips));
}

}  // namespace

SampleTypist TypistOf(uint64_t user) {
  SampleRandom random(SampleHash(user ^ 0x7479'7065u));
  SampleTypist typist;
  typist.simplified = random.Chance(25);
  typist.no_spaces = random.Chance(80);
  typist.capitals = random.Chance(70);
  typist.full_width = random.Chance(8);
  typist.slips_per_mille = random.Chance(120) ? 180 : 35;
  return typist;
}

std::string TypeQuery(absl::string_view text, const SampleTopic* topic, const SampleTypist& typist,
                      SampleRandom& random) {
  std::string typed(text);
  if (random.Chance(typist.slips_per_mille)) typed = WithSlip(text, topic, random);
  const bool odd_space = random.Chance(6);
  if (!typist.simplified && !typist.no_spaces && !typist.capitals && !typist.full_width && !odd_space) return typed;
  std::u32string characters = SampleCodePoints(typed);
  if (typist.simplified) {
    for (char32_t& c : characters) c = SampleSimplified(c);
  }
  if (typist.no_spaces) characters = WithoutSpaces(characters);
  if (typist.capitals) Capitalize(characters);
  if (typist.full_width) Widen(characters);
  if (odd_space) characters.insert(random.Chance(500) ? 0 : characters.size(), 1, U' ');
  return SampleUtf8(characters);
}

std::optional<std::string> HalfTyped(absl::string_view text, SampleRandom& random) {
  const std::u32string characters = SampleCodePoints(text);
  const size_t shortest = IsWide(characters[0]) ? 1 : 3;
  if (characters.size() <= shortest) return std::nullopt;
  const size_t cut = shortest + random.Below(characters.size() - shortest);
  std::u32string half = characters.substr(0, cut);
  const std::optional<char32_t> zhuyin = SampleZhuyin(characters[cut]);
  if (zhuyin.has_value() && random.Chance(500)) half.push_back(*zhuyin);
  while (half.size() > shortest && half.back() == U' ') half.pop_back();
  return SampleUtf8(half);
}

std::string Respelled(absl::string_view text, absl::string_view head, absl::string_view respelling) {
  if (!absl::StrContains(text, head)) return std::string(text);
  return absl::StrReplaceAll(text, {{head, respelling}});
}

std::string LatinSlip(absl::string_view text, uint64_t variant) {
  std::vector<std::pair<size_t, size_t>> words;  // Begin and length.
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && IsLatin(static_cast<unsigned char>(text[end]))) ++end;
    if (end - begin >= kShortestSlip) words.emplace_back(begin, end - begin);
    begin = end + 1;
  }
  std::string slip(text);
  if (words.empty()) return slip;
  // Of the first long word alone, so that "dyson" is mistyped alike wherever it stands.
  const auto [begin, length] = words.front();
  uint64_t hash = SampleHash(variant);
  for (size_t i = 0; i < length; ++i) hash = SampleHash(hash ^ static_cast<unsigned char>(text[begin + i]));
  const size_t at = begin + 1 + (hash >> 8) % (length - 2);  // The first letter is seldom wrong.
  switch (hash % 3) {
    case 0:
      std::swap(slip[at], slip[at + 1]);
      break;
    case 1:
      slip.erase(at, 1);
      break;
    default:
      slip.insert(at, 1, slip[at]);
  }
  return slip;
}

}  // namespace kindred
