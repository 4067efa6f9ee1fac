#include "tests/fuzz/log_rows.h"
#include "tests/index/log/string_source.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const kindred::fuzzing::LogInput input(data, size);
  kindred::BlockBuffer buffer(kindred::testing::NewStringSource(input.text, input.bytes_a_read));
  kindred::RowLedger ledger(1);
  kindred::UbiJoin join(&ledger);
  const auto reader = kindred::NewUbiReader(&buffer, {input.columns, kindred::fuzzing::kLatestMs}, &join, &ledger);
  while (true) {
    const auto event = reader->Next();
    if (!event.ok() || !event->has_value()) break;
    kindred::fuzzing::CheckEvent(**event);
  }
  while (const auto event = join.NextHeld()) kindred::fuzzing::CheckEvent(*event);
  kindred::fuzzing::CheckReport(ledger.report());
  return 0;
}
