// icu_tables RULES SOUNDS: writes what Kindred takes from ICU's rules of Chinese as C++, when Kindred is built: to read
// them takes ICU 0.3 s, which no process has to spend again.
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <unordered_map>

namespace {

std::unique_ptr<icu::Transliterator> RulesOf(const char* name) {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(name, UTRANS_FORWARD, error));
  if (U_FAILURE(error)) {
    std::cerr << "ICU has no " << name << " rules (" << u_errorName(error) << "); install the full ICU data\n";
    return nullptr;
  }
  return made;
}

// In ICU's order.
bool WriteRules(const icu::Transliterator& folding, std::ostream& out) {
  icu::UnicodeString text;
  folding.toRules(text, /*escapeUnprintable=*/false);
  out << "constexpr std::pair<std::u32string_view, std::u32string_view> kIcuRules[] = {\n";
  for (int32_t begin = 0, end = 0; begin < text.length(); begin = end + 1) {
    end = text.indexOf(u'\n', begin);
    if (end < 0) end = text.length();
    const icu::UnicodeString line(text, begin, end - begin);
    const int32_t arrow = line.indexOf(u" > ");
    const bool plain = line.indexOf(u'\'') < 0 && line.indexOf(u'\\') < 0 && line.indexOf(u'"') < 0;
    std::string from, to;
    if (arrow < 1 || arrow + 4 >= line.length() || !line.endsWith(u";") || U16_IS_SURROGATE(line[0]) || !plain) {
      std::cerr << "ICU's Traditional-Simplified rules have a new form, or a quote, or begin beyond U+FFFF: "
                << line.toUTF8String(from) << '\n';
      return false;
    }
    line.tempSubString(0, arrow).toUTF8String(from);
    line.tempSubStringBetween(arrow + 3, line.length() - 1).toUTF8String(to);
    out << "{U\"" << from << "\", U\"" << to << "\"},\n";
  }
  out << "};\n";
  return true;
}

// For each character, the first one of the same reading.
void WriteSounds(const icu::Transliterator& to_latin, std::ostream& out) {
  constexpr char32_t kFirst = 0x4E00, kLast = 0x9FFF;
  out << "constexpr char32_t kFirst = " << uint32_t{kFirst} << ";\nconstexpr uint16_t kSounds[] = {\n";
  std::unordered_map<std::string, char32_t> first_of_reading;
  for (char32_t c = kFirst; c <= kLast; ++c) {
    icu::UnicodeString reading(static_cast<UChar32>(c));
    to_latin.transliterate(reading);
    std::string key;
    out << static_cast<uint32_t>(first_of_reading.try_emplace(reading.toUTF8String(key), c).first->second) << ",\n";
  }
  out << "};\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: icu_tables RULES SOUNDS\n";
    return 2;
  }
  const std::unique_ptr<icu::Transliterator> folding = RulesOf("Traditional-Simplified");
  const std::unique_ptr<icu::Transliterator> to_latin = RulesOf("Han-Latin");
  if (folding == nullptr || to_latin == nullptr) return 1;
  std::ofstream rules(argv[1]), sounds(argv[2]);
  if (!WriteRules(*folding, rules)) return 1;
  WriteSounds(*to_latin, sounds);
  rules.close();
  sounds.close();
  if (rules && sounds) return 0;
  std::cerr << "cannot write " << argv[1] << " or " << argv[2] << '\n';
  return 1;
}
