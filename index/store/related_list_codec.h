// Related lists as bytes: the value of a 'Q' row. index/store/FORMAT.md has the layout and a worked example.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/store/related_list.h"

namespace kindred {

// InvalidArgument where a list cannot be stored: no candidate or more than kMaxCandidates, a keyword or display form
// that is empty, longer than kMaxKeywordBytes or not UTF-8, a score that is not finite, candidates out of their total
// order, a keyword twice.
absl::Status CheckRelatedList(const RelatedList& list);

// A list as it is stored, made piece by piece for those who have no RelatedList in memory. What CheckRelatedList() asks
// of a list, its maker promises.
struct EncodedList {
  std::string value;
  uint32_t users = 0;     // RelatedList::users.
  uint32_t keywords = 0;  // Candidates.
};
// Makes `list` one of `keywords` candidates, which AppendCandidate() is to add, best first. Keeps its memory.
void StartList(EncodedList& list, uint32_t users, absl::string_view display, uint32_t keywords);
void AppendCandidate(EncodedList& list, absl::string_view keyword, const Candidate& candidate_but_keyword);

// REQUIRES: CheckRelatedList() is OK.
std::string EncodeRelatedList(const RelatedList& list);
// DataLoss: whatever is outside the limits of CheckRelatedList() but for order and repeats, which are not looked for;
// another value version; bytes missing or left over. The message names the byte. What follows the first `limit`
// candidates, if any does, is not looked at. The list views `value`.
absl::StatusOr<RelatedListView> DecodeRelatedList(absl::string_view value, size_t limit = kMaxCandidates);

// What a signal reads as after it was stored: rounded, and clamped to -10..15.5 (kJaccard: 0..1).
float StoredSignal(Signal signal, float value);

}  // namespace kindred
