// One checksum over all rows of an index: equal checksums, equal content, however RocksDB laid its files out.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct XXH3_state_s;

namespace kindred {

// XXH3-128 over every row in key order, as: key size (u32, little-endian), key, value size (u32), value. Not
// thread-safe.
class ContentChecksum {
 public:
  ContentChecksum();
  ~ContentChecksum();
  ContentChecksum(const ContentChecksum&) = delete;
  ContentChecksum& operator=(const ContentChecksum&) = delete;

  void Add(absl::string_view key, absl::string_view value);
  // 32 hexadecimal digits, the highest first.
  std::string Hex() const;

 private:
  void AddText(absl::string_view text);

  XXH3_state_s* state_;
};

}  // namespace kindred
