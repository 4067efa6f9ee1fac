#include "tests/fuzz/log_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kindred::fuzzing::CheckLog(kindred::fuzzing::LogInput(data, size), kindred::NewNdjsonParser);
  return 0;
}
