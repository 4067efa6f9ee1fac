#include "index/store/related_list_codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/store/byte_cursor.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

constexpr uint8_t kValueVersion = 1;

// A signal is stored as (value + shift) * scale, rounded and clamped to 0..255; not-a-number is 0.
constexpr float kShift = 10, kScale = 10, kJaccardScale = 255;

// Loops over whole vectors without a branch become vector code. The first kSignalCount bytes are of signals.
constexpr size_t kPaddedSignals = (kSignalCount + 15) / 16 * 16;
std::array<uint8_t, kPaddedSignals> EncodeSignals(const Signals& signals) {
  std::array<float, kPaddedSignals> values{};
  for (size_t i = 0; i < signals.size(); ++i) values[i] = (signals[i] + kShift) * kScale;
  values[kJaccard] = signals[kJaccard] * kJaccardScale;
  std::array<uint8_t, kPaddedSignals> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    float value = values[i] > 0 ? values[i] : 0;
    value = value < 255 ? value : 255;
    const auto whole = static_cast<int32_t>(value);
    bytes[i] = static_cast<uint8_t>(whole + static_cast<int32_t>(value - static_cast<float>(whole) >= .5f));
  }
  return bytes;
}

// What each byte stands for: tables, because to divide takes longer.
constexpr auto kSignalOfByte = [] {
  std::array<float, 256> values{};
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / kScale - kShift;
  return values;
}();
constexpr auto kJaccardOfByte = [] {
  std::array<float, 256> values{};
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / kJaccardScale;
  return values;
}();

absl::Status CheckText(absl::string_view what, absl::string_view text) {
  if (text.empty() || text.size() > kMaxKeywordBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " of ", text.size(), " bytes: 1 to ", kMaxKeywordBytes, " can be stored"));
  }
  if (!IsUtf8(text)) return absl::InvalidArgumentError(absl::StrCat(what, " that is not UTF-8"));
  return absl::OkStatus();
}

absl::string_view DecodeText(ByteCursor& cursor) {
  const uint32_t size = cursor.Varint();
  if (size == 0 || size > kMaxKeywordBytes) {
    cursor.Fail(absl::StrCat("a text of ", size, " bytes: 1 to ", kMaxKeywordBytes, " are allowed"));
  }
  const absl::string_view text = cursor.Bytes(size);
  if (!IsUtf8(text)) cursor.Fail("a text that is not UTF-8");
  return text;
}

void AppendText(std::string& out, absl::string_view text) {
  AppendVarint(out, static_cast<uint32_t>(text.size()));
  out.append(text.data(), text.size());
}

void DecodeCandidate(ByteCursor& cursor, CandidateView& candidate) {
  candidate.keyword = DecodeText(cursor);
  candidate.score = cursor.Float();
  if (!std::isfinite(candidate.score)) cursor.Fail("a score that is not finite");
  candidate.query_fingerprint = cursor.Fixed<uint32_t>();
  candidate.evidence.users = cursor.Varint();
  candidate.evidence.users_after = cursor.Varint();
  candidate.evidence.shared_products = cursor.Varint();
  candidate.evidence.shared_words = cursor.Varint();
  const absl::string_view signals = cursor.Bytes(kSignalCount);
  if (signals.empty()) return;  // The cursor failed.
  for (size_t i = 0; i < kSignalCount; ++i) candidate.signals[i] = kSignalOfByte[static_cast<uint8_t>(signals[i])];
  candidate.signals[kJaccard] = kJaccardOfByte[static_cast<uint8_t>(signals[kJaccard])];
}

}  // namespace

float StoredSignal(Signal signal, float value) {
  Signals signals{};
  signals[signal] = value;
  const uint8_t byte = EncodeSignals(signals)[signal];
  return signal == kJaccard ? kJaccardOfByte[byte] : kSignalOfByte[byte];
}

absl::Status CheckRelatedList(const RelatedList& list) {
  const auto& candidates = list.candidates;
  if (candidates.empty() || candidates.size() > kMaxCandidates) {
    return absl::InvalidArgumentError(
        absl::StrCat(candidates.size(), " candidates: 1 to ", kMaxCandidates, " can be stored"));
  }
  RETURN_IF_ERROR(CheckText("a display form", list.display));
  absl::flat_hash_set<absl::string_view> seen;
  for (size_t i = 0; i < candidates.size(); ++i) {
    RETURN_IF_ERROR(CheckText("a keyword", candidates[i].keyword));
    if (!std::isfinite(candidates[i].score)) {
      return absl::InvalidArgumentError(absl::StrCat("the score of \"", candidates[i].keyword, "\" is not finite"));
    }
    if (!seen.insert(candidates[i].keyword).second) {
      return absl::InvalidArgumentError(absl::StrCat("the keyword \"", candidates[i].keyword, "\" stands twice"));
    }
    if (i > 0 && !InListOrder(candidates[i - 1], candidates[i])) {
      return absl::InvalidArgumentError(absl::StrCat("\"", candidates[i].keyword, "\" is out of order"));
    }
  }
  return absl::OkStatus();
}

void StartList(EncodedList& list, uint32_t users, absl::string_view display, uint32_t keywords) {
  list.users = users;
  list.keywords = keywords;
  list.value.clear();
  AppendFixed(list.value, kValueVersion);
  AppendVarint(list.value, users);
  AppendText(list.value, display);
  AppendVarint(list.value, keywords);
}

void AppendCandidate(EncodedList& list, absl::string_view keyword, const Candidate& candidate) {
  AppendText(list.value, keyword);
  // What follows is put together aside: the string grows once.
  std::array<char, 2 * sizeof(uint32_t) + 4 * kMaxVarintBytes + kSignalCount> bytes;
  char* end = bytes.data();
  end = PutFixed(end, std::bit_cast<uint32_t>(candidate.score));
  end = PutFixed(end, candidate.query_fingerprint);
  for (const uint32_t count : {candidate.evidence.users, candidate.evidence.users_after,
                               candidate.evidence.shared_products, candidate.evidence.shared_words}) {
    end = PutVarint(end, count);
  }
  const auto signals = EncodeSignals(candidate.signals);
  end = std::copy_n(signals.begin(), kSignalCount, end);
  list.value.append(bytes.data(), static_cast<size_t>(end - bytes.data()));
}

std::string EncodeRelatedList(const RelatedList& list) {
  EncodedList encoded;
  StartList(encoded, list.users, list.display, static_cast<uint32_t>(list.candidates.size()));
  for (const Candidate& candidate : list.candidates) AppendCandidate(encoded, candidate.keyword, candidate);
  return std::move(encoded.value);
}

absl::StatusOr<RelatedListView> DecodeRelatedList(absl::string_view value, size_t limit) {
  ByteCursor cursor(value);
  const auto version = cursor.Fixed<uint8_t>();
  if (version != kValueVersion) cursor.Fail(absl::StrCat("unknown value version ", version));
  RelatedListView list;
  list.users = cursor.Varint();
  list.display = DecodeText(cursor);
  const uint32_t count = cursor.Varint();
  if (count == 0 || count > kMaxCandidates) {
    cursor.Fail(absl::StrCat(count, " candidates: 1 to ", kMaxCandidates, " are allowed"));
  }
  if (cursor.failed()) return cursor.status();
  const size_t wanted = std::min<size_t>(count, limit);
  list.candidates.reserve(wanted);
  for (size_t i = 0; i < wanted && !cursor.failed(); ++i) DecodeCandidate(cursor, list.candidates.emplace_back());
  RETURN_IF_ERROR(wanted < count ? cursor.status() : cursor.Finish());
  return list;
}

}  // namespace kindred
