// Many short strings, one after another: a std::string each would take more memory than its text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace kindred {

// Moving it leaves the views valid. Not thread-safe.
class StringArena {
 public:
  // A copy that lives as long as the arena.
  absl::string_view Add(absl::string_view text) {
    if (text.size() > left_) {
      left_ = std::max(kBlockBytes, text.size());
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
      next_ = blocks_.back().get();
    }
    if (text.empty()) return {};
    char* const copy = next_;
    std::memcpy(copy, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    return {copy, text.size()};
  }

 private:
  static constexpr size_t kBlockBytes = 64 << 10;

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;  // In the last block.
  size_t left_ = 0;       // Behind it.
};

}  // namespace kindred
