#include "tests/fuzz/log_rows.h"

namespace kindred::fuzzing {

LogResult ParseUbi(const LogInput& log, size_t block_bytes) {
  BlockReader reader = log.NewReader(block_bytes);
  UbiJoin join;
  InputParser input = NewUbiParser({log.columns, kLatestMs}, "log", &join);
  return ParseAll(reader, input, &join);
}

}  // namespace kindred::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const kindred::fuzzing::LogInput log(data, size);
  using kindred::fuzzing::ParseUbi;
  kindred::fuzzing::Require(ParseUbi(log, 1 << 20) == ParseUbi(log, log.block_bytes));
  return 0;
}
