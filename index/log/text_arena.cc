#include "index/log/text_arena.h"

#include <algorithm>
#include <cstring>

namespace kindred {
namespace {
constexpr size_t kBlockBytes = 1 << 20;
}  // namespace

absl::string_view TextArena::Keep(absl::string_view text) {
  if (text.empty()) return absl::string_view();
  if (text.size() > left_) {
    left_ = std::max(kBlockBytes, text.size());
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(left_), left_});
  }
  left_ -= text.size();
  char* const kept =
      blocks_.back().bytes.get() + left_;  // From the back, so that what is left is all there is to know.
  std::memcpy(kept, text.data(), text.size());
  return absl::string_view(kept, text.size());
}

void TextArena::Clear() {
  if (blocks_.empty()) return;
  blocks_.resize(1);
  left_ = blocks_.front().size;
}

}  // namespace kindred
