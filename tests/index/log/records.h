// Records of a splitter as texts that a test can compare.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "index/log/record_splitter.h"
#include "tests/index/log/string_source.h"
#include "tests/testing/status_matchers.h"

namespace kindred::testing {

// Each record as "line:[field][field]", or "line:reason" for a bad one.
inline std::vector<std::string> Records(std::unique_ptr<RecordSplitter> (*new_splitter)(BlockBuffer*),
                                        const std::string& text, size_t bytes_a_read) {
  BlockBuffer buffer(NewStringSource(text, bytes_a_read));
  const std::unique_ptr<RecordSplitter> splitter = new_splitter(&buffer);
  std::vector<std::string> records;
  while (true) {
    const auto record = splitter->Next();
    EXPECT_OK(record);
    if (!record->has_value()) return records;
    std::string shown = absl::StrCat((*record)->line, ":", (*record)->bad_reason);
    for (const absl::string_view field : (*record)->fields) absl::StrAppend(&shown, "[", field, "]");
    records.push_back(shown);
  }
}

}  // namespace kindred::testing
