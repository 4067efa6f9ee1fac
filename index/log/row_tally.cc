#include "index/log/row_tally.h"

#include "absl/strings/str_cat.h"
#include "index/log/excerpt.h"
#include "index/log/search_row.h"

namespace kindred {
namespace {
constexpr size_t kDetailBytes = 120;
constexpr size_t kActionBytes = 40;
}  // namespace

void RowTally::Clear() {
  rows = event_rows = action_lines = lines = 0;
  if (refusals_.empty()) return;
  refusals_.clear();
  reasons_.clear();
  for (auto& indexes : index_of_) indexes.clear();
}

void RowTally::AddBad(absl::string_view reason, uint64_t line, absl::string_view detail) {
  Refuse(RowRefusal::Kind::kBad, reason, "", line, detail);
  ++rows;
}

void RowTally::AddRefused(const RowRefusal& refusal, uint64_t line) {
  if (refusal.reason == kOtherAction) {
    Refuse(refusal.kind, absl::StrCat("action ", Excerpt(refusal.value, kActionBytes)), "", line, "");
  } else {
    Refuse(refusal.kind, refusal.reason, "", line, refusal.value);
  }
  ++rows;
}

void RowTally::SettleSkipped(absl::string_view reason, absl::string_view file, uint64_t line,
                             absl::string_view detail) {
  Refuse(RowRefusal::Kind::kSkipped, reason, file, line, detail);
}

void RowTally::Refuse(RowRefusal::Kind kind, absl::string_view reason, absl::string_view file, uint64_t line,
                      absl::string_view detail) {
  const auto [entry, is_new] = index_of_[static_cast<size_t>(kind)].try_emplace(reason, reasons_.size());
  if (is_new) {
    reasons_.push_back({kind, std::string(reason), {std::string(file), line, Excerpt(detail, kDetailBytes)}});
  }
  refusals_.push_back({rows, entry->second});
}

}  // namespace kindred
