#include "index/store/content_checksum.h"

#include <xxhash.h>

#include "absl/strings/str_format.h"
#include "index/store/byte_cursor.h"

namespace kindred {

ContentChecksum::ContentChecksum() : state_(XXH3_createState()) { XXH3_128bits_reset(state_); }
ContentChecksum::~ContentChecksum() { XXH3_freeState(state_); }

void ContentChecksum::Add(absl::string_view key, absl::string_view value) {
  AddText(key);
  AddText(value);
}

void ContentChecksum::AddText(absl::string_view text) {
  std::string size;
  AppendFixed(size, static_cast<uint32_t>(text.size()));
  XXH3_128bits_update(state_, size.data(), size.size());
  XXH3_128bits_update(state_, text.data(), text.size());
}

std::string ContentChecksum::Hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_);
  return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
}

}  // namespace kindred
