#include "index/store/gram_list.h"

#include <random>
#include <set>

#include "index/store/byte_cursor.h"
#include "index/store/format.h"
#include "tests/index/store/documents_of.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::DocumentsOf;
using testing::HasStatus;
using ::testing::HasSubstr;

absl::Status DecodeStatus(absl::string_view bytes, uint32_t documents) {
  return GramList::Decode(bytes, nullptr, documents).status();
}

TEST(GramListTest, RandomListsReadBackAtAnyAlignment) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const uint32_t documents = 1 + random() % (round % 2 == 0 ? 300 : 400'000);
    std::set<DocumentId> chosen;
    for (size_t i = 0, size = 1 + random() % 2000; i < size; ++i) chosen.insert(random() % documents);
    const std::vector<DocumentId> want(chosen.begin(), chosen.end());
    const std::string bytes = std::string(round % 2, 'x') + EncodeGramList(want);
    ASSERT_OK_AND_ASSIGN(const GramList list,
                         GramList::Decode(absl::string_view(bytes).substr(round % 2), nullptr, documents));
    EXPECT_EQ(list.document_frequency(), want.size());
    EXPECT_EQ(DocumentsOf(list), want);
  }
}

TEST(GramListTest, AFullBandReadsBack) {
  std::vector<DocumentId> all(kBandDocuments + 1);
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<DocumentId>(i);
  const std::string bytes = EncodeGramList(all);
  ASSERT_OK_AND_ASSIGN(const GramList list, GramList::Decode(bytes, nullptr, kBandDocuments + 1));
  EXPECT_EQ(DocumentsOf(list), all);
}

TEST(GramListTest, LowPartsTellWhatTheyHold) {
  const std::string bytes = EncodeGramList({2, 3, 5, 7, 11, 60000});
  ASSERT_OK_AND_ASSIGN(const GramList list, GramList::Decode(bytes, nullptr, kBandDocuments));
  const LowParts low = list.bands()[0].low;
  const std::set<uint32_t> held = {2, 3, 5, 7, 11, 60000};
  for (uint32_t i = 0; i < kBandDocuments; ++i) {
    ASSERT_EQ(low.Contains(static_cast<uint16_t>(i)), held.count(i) == 1) << i;
  }
  EXPECT_FALSE(LowParts().Contains(0));
  for (size_t begin = 0; begin <= low.size(); ++begin) {
    for (const uint32_t limit : {0U, 1U, 500U, 65'535U, 65'536U}) {
      size_t want = begin;
      while (want < low.size() && low[want] < limit) ++want;
      EXPECT_EQ(low.LowerBound(begin, limit), want) << begin << " " << limit;
    }
  }
}

TEST(GramListTest, KeepsItsOwnerAlive) {
  auto owner = std::make_shared<std::string>(EncodeGramList({1, 2}));
  const absl::string_view bytes = *owner;
  ASSERT_OK_AND_ASSIGN(const GramList list, GramList::Decode(bytes, owner, 3));
  const std::weak_ptr<std::string> watch = owner;
  owner.reset();
  EXPECT_FALSE(watch.expired());
}

TEST(GramListTest, EveryTruncationAndSurplusIsDataLoss) {
  const std::string bytes = EncodeGramList({1, 3, 65538});
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeStatus(bytes.substr(0, size), 70000), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("")));
  }
  EXPECT_THAT(DecodeStatus(bytes + "x", 70000), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("too many")));
}

TEST(GramListTest, CountsAndBoundsAreChecked) {
  // df, bands, reserved, then the directory and the low parts.
  const auto bytes = [](uint32_t df, std::vector<uint16_t> rest) {
    std::string out;
    AppendFixed(out, df);
    for (const uint16_t number : rest) AppendFixed(out, number);
    return out;
  };
  const struct {
    const char* message;
    std::string bytes;
  } kCases[] = {
      {"document frequency 0", bytes(0, {1, 0, 0, 0, 1})},
      {"document frequency 9", bytes(9, {1, 0, 0, 0, 1})},
      {"no bands", bytes(1, {0, 0, 1})},
      {"reserved", bytes(1, {1, 7, 0, 0, 1})},
      {"1 postings", bytes(2, {1, 0, 0, 0, 1})},
      {"no such band: 1", bytes(1, {1, 0, 1, 0, 1})},
      {"not ascending", bytes(2, {2, 0, 0, 0, 0, 0, 1, 2})},
      {"truncated", bytes(1, {1, 0, 0, 9, 4})},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(DecodeStatus(c.bytes, 4), HasStatus(absl::StatusCode::kDataLoss, HasSubstr(c.message)));
  }
  EXPECT_OK(DecodeStatus(bytes(1, {1, 0, 0, 0, 3}), 4));
  EXPECT_OK(DecodeStatus(bytes(1, {1, 0, 0, 0, 4}), 4));  // Postings are not looked at.
}

}  // namespace
}  // namespace kindred
