#include "index/store/related_list_codec.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "index/store/byte_cursor.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
using testing::MakeCandidate;
using testing::MakeList;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

RelatedList FullList() {
  RelatedList list = MakeList("露營 Tent", {});
  list.users = 123456;
  for (int i = 0; i < 50; ++i) {
    Candidate candidate = MakeCandidate("keyword " + std::to_string(i), 100 - static_cast<float>(i) * 1.25F);
    candidate.evidence = {.users = UINT32_MAX, .users_after = 127, .shared_products = 128, .shared_words = 0};
    candidate.query_fingerprint = 0xdeadbeefU + static_cast<uint32_t>(i);
    candidate.signals = {-9.9F, -0.1F, 0, 15.5F, static_cast<float>(i) / 50, 3.3F, -9.2F, 4, -.5F};
    list.candidates.push_back(candidate);
  }
  list.candidates.back().keyword = std::string(kMaxKeywordBytes, 'x');
  return list;
}

TEST(RelatedListCodecTest, ListsReadBack) {
  const RelatedList written = FullList();
  ASSERT_OK(CheckRelatedList(written));
  const std::string value = EncodeRelatedList(written);
  ASSERT_OK_AND_ASSIGN(const RelatedListView view, DecodeRelatedList(value));
  const auto read = static_cast<RelatedList>(view);
  EXPECT_EQ(read.display, written.display);
  EXPECT_EQ(read.users, written.users);
  ASSERT_EQ(read.candidates.size(), written.candidates.size());
  for (size_t i = 0; i < read.candidates.size(); ++i) {
    const Candidate& got = read.candidates[i];
    const Candidate& want = written.candidates[i];
    EXPECT_EQ(got.keyword, want.keyword);
    EXPECT_EQ(got.score, want.score);
    EXPECT_EQ(got.query_fingerprint, want.query_fingerprint);
    EXPECT_EQ(got.evidence, want.evidence);
    for (int s = 0; s < kSignalCount; ++s) {
      const auto at = static_cast<size_t>(s);
      EXPECT_NEAR(got.signals[at], want.signals[at], s == kJaccard ? .002 : .0501) << kSignalNames[at];
      EXPECT_EQ(got.signals[at], StoredSignal(static_cast<Signal>(s), want.signals[at]));
    }
  }
}

TEST(RelatedListCodecTest, SignalsAreClampedAndRounded) {
  const struct {
    Signal signal;
    float value, want;
  } kCases[] = {
      {kPair, -1.24F, -1.2F},   {kPair, -20, -10}, {kPair, 99, 15.5},         {kPair, kNan, -10},
      {kPair, kInfinity, 15.5}, {kWalk2, 0, 0},    {kJaccard, -1, 0},         {kJaccard, 2, 1},
      {kJaccard, kNan, 0},      {kJaccard, 1, 1},  {kToken, -kInfinity, -10},
  };
  for (const auto& c : kCases) EXPECT_NEAR(StoredSignal(c.signal, c.value), c.want, 1e-6) << c.signal << " " << c.value;
}

TEST(RelatedListCodecTest, AStoredSignalStoresAsItself) {
  for (int s = 0; s < kSignalCount; ++s) {
    for (float value = -12; value < 17; value += 0.013F) {
      const float stored = StoredSignal(static_cast<Signal>(s), value);
      EXPECT_EQ(StoredSignal(static_cast<Signal>(s), stored), stored) << s << " " << value;
    }
  }
}

TEST(RelatedListCodecTest, EveryTruncationIsDataLossThatNamesTheByte) {
  const std::string value = EncodeRelatedList(FullList());
  for (size_t size = 0; size < value.size(); ++size) {
    ASSERT_THAT(DecodeRelatedList(value.substr(0, size)),
                HasStatus(absl::StatusCode::kDataLoss, HasSubstr("truncated at byte " + std::to_string(size))));
  }
}

TEST(RelatedListCodecTest, DecodesNoMoreThanTheLimit) {
  const RelatedList written = FullList();
  const std::string value = EncodeRelatedList(written);
  for (const size_t limit : {1, 13, 49, 50, 51}) {
    ASSERT_OK_AND_ASSIGN(const RelatedListView read, DecodeRelatedList(value, limit));
    ASSERT_EQ(read.candidates.size(), std::min<size_t>(limit, 50));
    EXPECT_EQ(read.candidates.back().keyword, written.candidates[read.candidates.size() - 1].keyword);
  }
  const std::string damaged = value.substr(0, value.size() - 1);
  EXPECT_OK(DecodeRelatedList(damaged, 49).status());
  EXPECT_THAT(DecodeRelatedList(damaged, 50), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("truncated")));
}

TEST(RelatedListCodecTest, BytesAfterTheLastEntryAreDataLoss) {
  EXPECT_THAT(DecodeRelatedList(EncodeRelatedList(FullList()) + "x"),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("1 bytes too many")));
}

TEST(RelatedListCodecTest, AnotherValueVersionIsDataLoss) {
  std::string value = EncodeRelatedList(FullList());
  value[0] = 2;
  EXPECT_THAT(DecodeRelatedList(value), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("unknown value version 2")));
}

TEST(RelatedListCodecTest, ValuesOutsideTheLimitsAreDataLoss) {
  const auto encode = [](const std::string& display, uint32_t count, const std::string& keyword, float score) {
    std::string out;
    AppendFixed(out, uint8_t{1});
    AppendVarint(out, 1);
    AppendVarint(out, static_cast<uint32_t>(display.size()));
    out += display;
    AppendVarint(out, count);
    for (uint32_t i = 0; i < count; ++i) {
      AppendVarint(out, static_cast<uint32_t>(keyword.size()));
      out += keyword;
      AppendFloat(out, score);
      out.append(4 + 4 + kSignalCount, '\1');
    }
    return out;
  };
  const std::string long_text(kMaxKeywordBytes + 1, 'x');
  EXPECT_OK(DecodeRelatedList(encode("d", 1, "k", 1)));
  EXPECT_OK(DecodeRelatedList(encode("d", 50, "k", -1e30F)));
  const struct {
    const char* message;
    std::string value;
  } kCases[] = {
      {"0 candidates", encode("d", 0, "k", 1)},     {"51 candidates", encode("d", 51, "k", 1)},
      {"a text of 0 bytes", encode("", 1, "k", 1)}, {"a text of 257 bytes", encode(long_text, 1, "k", 1)},
      {"a text of 0 bytes", encode("d", 1, "", 1)}, {"a text of 257 bytes", encode("d", 1, long_text, 1)},
      {"not finite", encode("d", 1, "k", kNan)},    {"not finite", encode("d", 1, "k", -kInfinity)},
      {"not UTF-8", encode("\xe9", 1, "k", 1)},     {"not UTF-8", encode("d", 1, "\xed\xa0\x80", 1)},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(DecodeRelatedList(c.value), HasStatus(absl::StatusCode::kDataLoss, HasSubstr(c.message)));
  }
}

TEST(RelatedListCodecTest, ListsThatCannotBeStoredAreInvalid) {
  const auto expect_invalid = [](const RelatedList& list, const char* message) {
    EXPECT_THAT(CheckRelatedList(list), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr(message)));
  };
  expect_invalid(MakeList("tent", {}), "0 candidates");
  RelatedList list = FullList();
  list.candidates.push_back(MakeCandidate("one more", -1000));
  expect_invalid(list, "51 candidates");
  expect_invalid(MakeList("", {"a"}), "display form of 0 bytes");
  expect_invalid(MakeList("tent", {""}), "keyword of 0 bytes");
  expect_invalid(MakeList("tent", {std::string(257, 'x')}), "keyword of 257 bytes");
  expect_invalid(MakeList("caf\xe9", {"a"}), "display form that is not UTF-8");
  expect_invalid(MakeList("tent", {"caf\xe9"}), "keyword that is not UTF-8");
  expect_invalid(MakeList("tent", {"a", "b", "a"}), "\"a\" stands twice");
  list = MakeList("tent", {"a"});
  list.candidates[0].score = kNan;
  expect_invalid(list, "not finite");
}

TEST(RelatedListCodecTest, TheTotalOrderIsScoreThenUsersThenBytes) {
  const auto list = [](std::vector<Candidate> candidates) {
    RelatedList result = MakeList("tent", {});
    result.candidates = std::move(candidates);
    return result;
  };
  EXPECT_OK(CheckRelatedList(
      list({MakeCandidate("z", 2, 1), MakeCandidate("y", 1, 9), MakeCandidate("a", 1, 8), MakeCandidate("b", 1, 8)})));
  const auto out_of_order = HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("out of order"));
  EXPECT_THAT(CheckRelatedList(list({MakeCandidate("a", 1), MakeCandidate("b", 2)})), out_of_order);
  EXPECT_THAT(CheckRelatedList(list({MakeCandidate("a", 1, 1), MakeCandidate("b", 1, 2)})), out_of_order);
  EXPECT_THAT(CheckRelatedList(list({MakeCandidate("b", 1, 1), MakeCandidate("a", 1, 1)})), out_of_order);
}

}  // namespace
}  // namespace kindred
