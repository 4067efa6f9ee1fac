// Keeps texts in large blocks, which never move.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"

namespace kindred {

// Not thread-safe.
class TextArena {
 public:
  // A copy, valid until Clear() or the arena's end.
  absl::string_view Keep(absl::string_view text);
  // Forgets all texts and keeps the first block's memory.
  void Clear();

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size;
  };
  std::vector<Block> blocks_;
  size_t left_ = 0;  // Of the last block: its front.
};

}  // namespace kindred
