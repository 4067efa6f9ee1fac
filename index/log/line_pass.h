// Goes through the lines of a block whose records are lines.
#pragma once

#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "index/log/event_batch.h"

namespace kindred {

// Calls add(line, too_long) for each line of the batch's block, with no space around it, but for blank ones; of one
// that is too long with its first bytes. The tally's `lines` is then the line's number in the block.
template <typename Add>
void ForEachLine(EventBatch& batch, Add add) {
  constexpr size_t kSnippetBytes = 256;
  absl::string_view rest = batch.block.text().substr(0, batch.block.records_bytes());
  while (!rest.empty()) {
    const absl::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
    ++batch.tally.lines;
    const bool too_long = line.size() > kMaxRecordBytes;
    const absl::string_view text = absl::StripAsciiWhitespace(too_long ? line.substr(0, kSnippetBytes) : line);
    if (!text.empty() || too_long) add(text, too_long);
  }
}

}  // namespace kindred
