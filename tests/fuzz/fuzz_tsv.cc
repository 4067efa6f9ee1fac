#include "tests/fuzz/log_rows.h"
#include "tests/index/log/string_source.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const kindred::fuzzing::LogInput input(data, size);
  kindred::BlockBuffer buffer(kindred::testing::NewStringSource(input.text, input.bytes_a_read));
  kindred::RowLedger ledger(1);
  const auto reader = kindred::NewDelimitedReader(kindred::NewTsvSplitter(&buffer),
                                                  {input.columns, kindred::fuzzing::kLatestMs}, &ledger);
  kindred::fuzzing::CheckRows(reader, ledger);
  return 0;
}
