#include "index/mine/key_ranks.h"

#include <bit>
#include <cstddef>
#include <cstring>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kindred {
namespace {

constexpr size_t kPart = 8;
constexpr size_t kAhead = 16;  // Texts that are on their way into the cache.

// A text and eight of its bytes, as a number that ascends as they do; behind the text's end they count as zeros.
struct SortedText {
  SortedText(absl::string_view text, uint32_t id)
      : text(text.data()), bytes(static_cast<uint32_t>(text.size())), id(id) {
    SetPart(0);
  }
  void SetPart(size_t at) {
    part = 0;
    if (at + kPart <= bytes) {  // Of a size that is known, it is one load.
      std::memcpy(&part, text + at, kPart);
    } else {
      std::memcpy(&part, text + at, bytes - at);
    }
    if constexpr (std::endian::native == std::endian::little) part = __builtin_bswap64(part);
  }

  uint64_t part = 0;
  const char* text;
  uint32_t bytes, id;
};

// Of texts with the same bytes before `at`, whose parts begin there. Queries hold no zero bytes: of those with one part
// all have its eight bytes, and the next part of the one that ends there is 0.
void SortFrom(size_t at, absl::Span<SortedText> texts) {
  std::sort(texts.begin(), texts.end(), [](const SortedText& x, const SortedText& y) { return x.part < y.part; });
  for (size_t begin = 0, end = 0; begin < texts.size(); begin = end) {
    for (end = begin + 1; end < texts.size() && texts[end].part == texts[begin].part;) ++end;
    if (end - begin == 1) continue;
    const absl::Span<SortedText> same = texts.subspan(begin, end - begin);
    for (size_t i = 0; i < same.size(); ++i) {
      if (i + kAhead < same.size()) __builtin_prefetch(same[i + kAhead].text + at + kPart);
      same[i].SetPart(at + kPart);
    }
    SortFrom(at + kPart, same);
  }
}

}  // namespace

LargePageVector<uint32_t> OrderOfQueries(uint32_t queries, absl::FunctionRef<NormalizedView(uint32_t)> query) {
  LargePageVector<SortedText> sorted;
  sorted.reserve(queries);
  for (uint32_t i = 0; i < queries; ++i) sorted.emplace_back(query(i).text(), i);
  SortFrom(0, absl::MakeSpan(sorted));
  LargePageVector<uint32_t> order;
  order.reserve(queries);
  for (const SortedText& text : sorted) order.push_back(text.id);
  return order;
}

}  // namespace kindred
