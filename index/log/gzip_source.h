// Decompresses gzip (RFC 1952), members one after another as `cat a.gz b.gz` and parallel compressors make them. Zeros
// behind a member are padding.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "index/log/byte_source.h"

namespace kindred {

bool IsGzip(absl::string_view first_bytes);

// Takes the compressed bytes from `raw`; `name` is for messages. Checksums and lengths of every member are verified.
std::unique_ptr<ByteSource> NewGzipSource(std::unique_ptr<ByteSource> raw, std::string name);

}  // namespace kindred
