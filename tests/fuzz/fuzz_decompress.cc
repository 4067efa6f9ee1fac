#include "index/log/gzip_source.h"
#include "index/log/zstd_source.h"
#include "tests/fuzz/log_rows.h"
#include "tests/index/log/string_source.h"

// At most 16 MiB come out of an input: what a bomb holds is the reader's business, which takes it a block at a time.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const kindred::fuzzing::LogInput input(data, size);
  auto raw = kindred::testing::NewStringSource(input.text, input.bytes_a_read);
  const auto source = kindred::IsZstd(input.text) ? kindred::NewZstdSource(std::move(raw), "log")
                                                  : kindred::NewGzipSource(std::move(raw), "log");
  std::string piece(1 << 16, '\0');
  for (int reads = 0; reads < 256; ++reads) {
    const auto n = source->Read(absl::MakeSpan(piece));
    if (!n.ok() || *n == 0) break;
    kindred::fuzzing::Require(*n <= piece.size());
  }
  return 0;
}
