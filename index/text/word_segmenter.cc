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

// The end of the longest run from `start` that holds no space and is all, or not at all, of dictionary scripts.
size_t EndOfRun(absl::string_view text, size_t start, bool* dictionary) {
  size_t end = start;
  for (size_t next = start; next < text.size(); end = next) {
    char32_t c = 0;
    U8_NEXT_UNSAFE(text.data(), next, c);
    if (c == ' ') break;
    if (end == start) {
      *dictionary = IsDictionaryScript(c);
    } else if (IsDictionaryScript(c) != *dictionary) {
      break;
    }
  }
  return end;
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

std::vector<std::string> WordSegmenter::DistinctWords(const NormalizedQuery& query) {
  const absl::string_view text = query.text();
  std::vector<std::string> words;
  for (size_t start = 0; start < text.size();) {
    if (text[start] == ' ') {
      ++start;
      continue;
    }
    bool dictionary = false;
    const size_t end = EndOfRun(text, start, &dictionary);
    const absl::string_view run = text.substr(start, end - start);
    if (dictionary) {
      AppendDictionaryWords(run, words);
    } else {
      words.emplace_back(run);
    }
    start = end;
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

void WordSegmenter::AppendDictionaryWords(absl::string_view run, std::vector<std::string>& words) {
  UErrorCode error = U_ZERO_ERROR;
  utext_openUTF8(&icu_->text, run.data(), static_cast<int64_t>(run.size()), &error);
  icu_->words->setText(&icu_->text, error);
  if (U_FAILURE(error)) {  // Only when out of memory; the run is still a word.
    words.emplace_back(run);
    return;
  }
  int32_t start = icu_->words->first();
  for (int32_t end = icu_->words->next(); end != icu::BreakIterator::DONE; end = icu_->words->next()) {
    words.emplace_back(run.substr(static_cast<size_t>(start), static_cast<size_t>(end - start)));
    start = end;
  }
}

}  // namespace kindred
