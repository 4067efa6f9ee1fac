#include "index/store/format.h"

#include <cmath>
#include <fstream>
#include <limits>

#include "absl/strings/escaping.h"
#include "index/store/gram_list.h"
#include "index/store/related_list_codec.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using testing::HasStatus;
using ::testing::HasSubstr;

// The bytes of an example of FORMAT.md, in hexadecimal: those before each ';' of the block that begins with "```text
// name".
std::string DocumentedHex(const std::string& name) {
  std::ifstream file(KINDRED_SOURCE_DIR "/index/store/FORMAT.md");
  std::string hex;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "```text " + name) {
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      for (const char c : line.substr(0, line.find(';'))) {
        if (c != ' ') hex.push_back(c);
      }
    }
  }
  EXPECT_FALSE(hex.empty()) << "FORMAT.md has no block " << name;
  return hex;
}

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }

TEST(FormatTest, RelatedListsAreWrittenAsDocumented) {
  RelatedList list;
  list.display = "Tent";
  list.users = 12;
  Candidate candidate;
  candidate.keyword = "tent pegs";
  candidate.query_fingerprint = QueryFingerprint(NormalizeQuery("tent pegs").value());
  candidate.score = 0.5;
  candidate.evidence = {.users = 300, .users_after = 5, .shared_products = 2, .shared_words = 1};
  candidate.signals = {-1.5, -2, 0, -10, 0.4F, 1.1F, -9.2F, 3, 0.5};
  list.candidates.push_back(candidate);
  EXPECT_EQ(Hex(QueryKey("", "tent")), DocumentedHex("related list key"));
  EXPECT_EQ(Hex(EncodeRelatedList(list)), DocumentedHex("related list value"));
}

TEST(FormatTest, TheNearIndexIsWrittenAsDocumented) {
  const Gram ten = Gram{'t'} << 42 | Gram{'e'} << 21 | Gram{'n'};
  EXPECT_EQ(Hex(GramKey("us", ten)), DocumentedHex("gram list key"));
  EXPECT_EQ(Hex(EncodeGramList({1, 3, 65538})), DocumentedHex("gram list value"));
  EXPECT_EQ(Hex(NormsKey("")), DocumentedHex("norms key"));
  EXPECT_EQ(Hex(EncodeNorms(MakeNorms({1, 1.5, 2}))), DocumentedHex("norms value"));
  EXPECT_EQ(Hex(DocumentKey("", 1)), DocumentedHex("document key"));
}

TEST(FormatTest, KeysOfAKindAndMarketShareAPrefixThatNoOtherHas) {
  EXPECT_EQ(StrippedKey("us", "tent"), KeyPrefix(RowKind::kStripped, "us") + "tent");
  EXPECT_EQ(QueryKey("us", "tent"), KeyPrefix(RowKind::kQuery, "us") + "tent");
  // The size tells market "us" + query "atent" from market "usa" + query "tent".
  EXPECT_NE(QueryKey("us", "atent"), QueryKey("usa", "tent"));
  EXPECT_LT(DocumentKey("", 255), DocumentKey("", 256));
  EXPECT_LT(GramKey("", Gram{1} << 21), GramKey("", Gram{1} << 42));
}

TEST(FormatTest, AKeyTellsItsMarket) {
  const std::string longest(kMaxMarketBytes, 'm');
  for (const std::string& market : {std::string(), std::string("us"), longest}) {
    EXPECT_EQ(MarketOfKey(NormsKey(market)).value(), market);
    EXPECT_EQ(MarketOfKey(QueryKey(market, "tent")).value(), market);
  }
  EXPECT_THAT(MarketOfKey(absl::string_view(NormsKey("us")).substr(0, 3)),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("truncated at byte 3")));
}

TEST(NormsTest, ReadBackWithinATwoHundredthOfABlocksStep) {
  for (const size_t documents : {1, 2, 63, 64, 65, 128, 129, 1000}) {
    SCOPED_TRACE(documents);
    std::vector<float> written;
    for (size_t i = 0; i < documents; ++i) written.push_back(1 + std::sqrt(static_cast<float>(i)));
    const Norms made = MakeNorms(written);
    ASSERT_OK_AND_ASSIGN(const Norms norms, DecodeNorms(EncodeNorms(made)));
    EXPECT_EQ(norms.per_64, made.per_64);
    EXPECT_EQ(norms.fraction, made.fraction);
    ASSERT_EQ(norms.documents(), documents);
    ASSERT_EQ(norms.per_64.size(), (documents + 63) / 64 + 1);
    for (uint32_t i = 0; i < documents; ++i) {
      const float step = norms.per_64[i / 64 + 1] - norms.per_64[i / 64];
      EXPECT_NEAR(norms.of(i), written[i], step / 500 + 1e-5) << i;
    }
    EXPECT_EQ(norms.per_64.back(), written.back());
  }
}

TEST(NormsTest, EveryTruncationAndSurplusIsDataLoss) {
  const std::string value = EncodeNorms(MakeNorms({1, 2, 3}));
  for (size_t size = 0; size < value.size(); ++size) {
    EXPECT_THAT(DecodeNorms(value.substr(0, size)), HasStatus(absl::StatusCode::kDataLoss, HasSubstr(""))) << size;
  }
  EXPECT_THAT(DecodeNorms(value + "x"), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("bytes for the norms of 3")));
  EXPECT_THAT(DecodeNorms(std::string(4, '\xff')), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("4294967295")));
}

TEST(NormsTest, NormsThatDoNotAscendFromAboveZeroAreDataLoss) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto& [first, last] :
       std::vector<std::pair<float, float>>{{2, 1}, {0, 1}, {-1, 1}, {1, infinity}, {nan, 1}}) {
    Norms norms;
    norms.per_64 = {first, last};
    norms.fraction = {0};
    EXPECT_THAT(DecodeNorms(EncodeNorms(norms)), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("bad norm")));
  }
}

}  // namespace
}  // namespace kindred
