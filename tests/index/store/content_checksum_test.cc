#include "index/store/content_checksum.h"

#include <set>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

std::string HexOf(const std::vector<std::pair<std::string, std::string>>& rows) {
  ContentChecksum checksum;
  for (const auto& [key, value] : rows) checksum.Add(key, value);
  return checksum.Hex();
}

TEST(ContentChecksumTest, OfNothingIsThePublishedOneOfXxh3) {
  EXPECT_EQ(HexOf({}), "99aa06d3014798d86001c324468d497f");
}

TEST(ContentChecksumTest, BordersBetweenKeysAndValuesCount) {
  const std::set<std::string> checksums = {
      HexOf({{"ab", "c"}}), HexOf({{"a", "bc"}}),           HexOf({{"abc", ""}}),
      HexOf({{"", "abc"}}), HexOf({{"a", ""}, {"b", "c"}}),
  };
  EXPECT_EQ(checksums.size(), 5U);
}

}  // namespace
}  // namespace kindred
