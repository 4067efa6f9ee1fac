#include "index/log/record_cut.h"

#include "index/log/log_block.h"

namespace kindred {

RecordCut CutLines(absl::string_view text, bool at_end) {
  if (at_end) return {text.size(), false};
  const size_t newline = text.rfind('\n');
  if (newline != absl::string_view::npos) return {newline + 1, false};
  if (text.size() > kMaxRecordBytes) return {text.size(), true};
  return {};
}

}  // namespace kindred
