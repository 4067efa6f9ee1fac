#include "tests/fuzz/log_rows.h"
#include "tests/index/log/string_source.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const kindred::fuzzing::LogInput input(data, size);
  kindred::BlockBuffer buffer(kindred::testing::NewStringSource(input.text, input.bytes_a_read));
  kindred::RowLedger ledger(1);
  kindred::fuzzing::CheckRows(kindred::NewNdjsonReader(&buffer, {input.columns, kindred::fuzzing::kLatestMs}, &ledger),
                              ledger);
  return 0;
}
