// Decompresses zstd (RFC 8878), frames one after another.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "index/log/byte_source.h"

namespace kindred {

// Of a frame or a skippable frame.
bool IsZstd(absl::string_view first_bytes);

// Takes the compressed bytes from `raw`; `name` is for messages. Checksums, where frames have them, are verified.
// Read() adds InvalidArgument: a frame needs a window of more than 128 MiB, as zstd --long=28 and more make them.
std::unique_ptr<ByteSource> NewZstdSource(std::unique_ptr<ByteSource> raw, std::string name);

}  // namespace kindred
