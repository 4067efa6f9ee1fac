// Any bytes: NormalizeQuery() takes or refuses them, and what it makes holds what its header promises. So do the words,
// grams and spellings made from that.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "index/text/code_points.h"
#include "index/text/grams.h"
#include "index/text/normalized_query.h"
#include "index/text/respelling.h"
#include "index/text/word_segmenter.h"

namespace kindred {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckNormalForm(absl::string_view raw, const NormalizedQuery& query) {
  Check(query.text().size() <= kMaxQueryBytes && DecodeUtf8(query.text()).ok());
  Check(IsUtf8(raw) == DecodeUtf8(raw).ok());
  const absl::StatusOr<NormalizedQuery> again = NormalizeQuery(query.text());
  Check(again.ok() && *again == query);
  Check(query.text().find("  ") == absl::string_view::npos);
  Check(query.empty() || (query.text().front() != ' ' && query.text().back() != ' '));
  // What ASCII becomes does not depend on the path that it takes.
  bool ascii = raw.size() + 4 <= kMaxQueryBytes && !query.empty();
  for (const char c : raw) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  if (ascii) Check(NormalizeQuery(std::string(raw) + " é")->text() == std::string(query.text()) + " é");
}

void CheckWhatIsMadeOf(const NormalizedQuery& query) {
  static WordSegmenter& segmenter = *WordSegmenter::Create()->release();
  Check(segmenter.DistinctWords(query).empty() == query.empty());
  Check(DistinctGrams(query).empty() == query.empty());
  const std::string stripped = StrippedForm(query);
  Check(stripped.empty() == query.empty() && DecodeUtf8(stripped).ok());
  Check(IsRespelling(SpellingForm(query), SpellingForm(query)));
}

// The two halves of the input as two queries.
void CheckSymmetry(absl::string_view raw) {
  const absl::StatusOr<NormalizedQuery> a = NormalizeQuery(raw.substr(0, raw.size() / 2));
  const absl::StatusOr<NormalizedQuery> b = NormalizeQuery(raw.substr(raw.size() / 2));
  if (!a.ok() || !b.ok()) return;
  const SpellingForm x(*a), y(*b);
  Check(IsRespelling(x, y) == IsRespelling(y, x));
  Check(MayBeRespelling(x.digest(), y.digest()) || !IsRespelling(x, y));
  if (StrippedForm(*a) == StrippedForm(*b)) Check(IsRespelling(x, y));
}

}  // namespace
}  // namespace kindred

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view raw(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<kindred::NormalizedQuery> query = kindred::NormalizeQuery(raw);
  if (query.ok()) {
    kindred::CheckNormalForm(raw, *query);
    kindred::CheckWhatIsMadeOf(*query);
  }
  kindred::CheckSymmetry(raw);
  return 0;
}
