#include "index/text/word_segmenter.h"

#include <unicode/brkiter.h>
#include <unicode/unistr.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

// Scripts written without spaces for which ICU has a dictionary.
bool IsDictionaryScript(char32_t c) {
  if (c < 0x0E00) return false;
  return IsUnspacedCjk(c) || c <= 0x0EFF || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF);
}

struct Run {
  absl::string_view text;
  bool dictionary = false;  // Whether of dictionary scripts: all of it is, or nothing.
};

// The longest run that `text` begins with. REQUIRES: it begins with no space.
Run FirstRun(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  Run run;
  size_t end = 0;
  for (size_t next = 0; next < text.size(); end = next) {
    UChar32 c = 0;
    U8_NEXT(bytes, next, text.size(), c);
    if (c == ' ') break;
    const bool dictionary = IsDictionaryScript(static_cast<char32_t>(c));
    if (end == 0) run.dictionary = dictionary;
    if (dictionary != run.dictionary) break;
  }
  run.text = text.substr(0, end);
  return run;
}

}  // namespace

struct WordSegmenter::Icu {
  std::unique_ptr<icu::BreakIterator> words;
  UText text = UTEXT_INITIALIZER;

  ~Icu() { utext_close(&text); }
};

WordSegmenter::WordSegmenter(std::unique_ptr<Icu> icu) : icu_(std::move(icu)) {}
WordSegmenter::~WordSegmenter() = default;

absl::StatusOr<std::unique_ptr<WordSegmenter>> WordSegmenter::Create() {
  UErrorCode error = U_ZERO_ERROR;
  auto icu = std::make_unique<Icu>();
  // One dictionary serves Chinese and Japanese: the locales zh, ja and root cut forty shop queries of both alike.
  icu->words.reset(icu::BreakIterator::createWordInstance(icu::Locale::getChinese(), error));
  if (U_FAILURE(error)) {
    return absl::InternalError(
        absl::StrCat("ICU has no word-break data (", u_errorName(error), "); install the full ICU data"));
  }
  return std::unique_ptr<WordSegmenter>(new WordSegmenter(std::move(icu)));
}

std::vector<absl::string_view> WordSegmenter::Words(NormalizedView query) {
  const absl::string_view text = query.text();
  std::vector<absl::string_view> words;
  for (size_t start = 0; start < text.size();) {
    if (text[start] == ' ') {
      ++start;
      continue;
    }
    const Run run = FirstRun(text.substr(start));
    if (run.dictionary) {
      AppendDictionaryWords(run.text, words);
    } else {
      words.push_back(run.text);
    }
    start += run.text.size();
  }
  return words;
}

std::vector<absl::string_view> WordSegmenter::DistinctWords(NormalizedView query) {
  std::vector<absl::string_view> words = Words(query);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

void WordSegmenter::AppendDictionaryWords(absl::string_view run, std::vector<absl::string_view>& words) {
  UErrorCode error = U_ZERO_ERROR;
  utext_openUTF8(&icu_->text, run.data(), static_cast<int64_t>(run.size()), &error);
  icu_->words->setText(&icu_->text, error);
  if (U_FAILURE(error)) {  // Only when out of memory; the run is still a word.
    words.push_back(run);
    return;
  }
  int32_t start = icu_->words->first();
  for (int32_t end = icu_->words->next(); end != icu::BreakIterator::DONE; end = icu_->words->next()) {
    words.push_back(run.substr(static_cast<size_t>(start), static_cast<size_t>(end - start)));
    start = end;
  }
}

}  // namespace kindred
