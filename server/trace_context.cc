#include "server/trace_context.h"

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace kindred {
namespace {

// So many lower-case hexadecimal digits.
bool IsHex(absl::string_view text, size_t digits) {
  return text.size() == digits &&
         absl::c_all_of(text, [](char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); });
}

bool IsId(absl::string_view text, size_t digits) {
  return IsHex(text, digits) && text.find_first_not_of('0') != absl::string_view::npos;
}

}  // namespace

LogFields TraceFields(absl::string_view traceparent) {
  // version - trace - span - flags, and behind those what versions to come may add.
  const std::vector<absl::string_view> parts = absl::StrSplit(traceparent, '-');
  if (parts.size() < 4 || !IsHex(parts[0], 2) || parts[0] == "ff" || !IsId(parts[1], 32) || !IsId(parts[2], 16) ||
      !IsHex(parts[3], 2) || (parts[0] == "00" && parts.size() > 4)) {
    return {};
  }
  return {{"trace_id", std::string(parts[1])}, {"span_id", std::string(parts[2])}};
}

}  // namespace kindred
