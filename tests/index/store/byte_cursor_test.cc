#include "index/store/byte_cursor.h"

#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;

TEST(ByteCursorTest, ReadsWhatWasAppended) {
  std::string bytes;
  AppendFixed(bytes, uint32_t{0x01020304});
  AppendFixed(bytes, uint16_t{0xfffe});
  AppendFloat(bytes, -0.5F);
  const uint32_t kVarints[] = {0, 1, 127, 128, 300, 16383, 16384, UINT32_MAX};
  for (const uint32_t value : kVarints) AppendVarint(bytes, value);
  EXPECT_EQ(bytes.substr(0, 6), "\x04\x03\x02\x01\xfe\xff");  // Little-endian on every machine.
  ByteCursor cursor(bytes);
  EXPECT_EQ(cursor.Fixed<uint32_t>(), 0x01020304U);
  EXPECT_EQ(cursor.Fixed<uint16_t>(), 0xfffeU);
  EXPECT_EQ(cursor.Float(), -0.5F);
  for (const uint32_t value : kVarints) EXPECT_EQ(cursor.Varint(), value);
  EXPECT_OK(cursor.Finish());
}

TEST(ByteCursorTest, AVarintHasOneEncodingAndThirtyTwoBits) {
  for (const std::string& bytes : {std::string("\x80\x00", 2), std::string("\x80\x80\x80\x80\x10"),
                                   std::string("\xff\xff\xff\xff\xff"), std::string("\x80\x80\x80\x80\x80\x01")}) {
    ByteCursor cursor(bytes);
    EXPECT_EQ(cursor.Varint(), 0U);
    EXPECT_THAT(cursor.status(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("bad varint before byte")));
  }
}

TEST(ByteCursorTest, TheFirstFailureSticks) {
  ByteCursor cursor("abc");
  EXPECT_EQ(cursor.Fixed<uint32_t>(), 0U);
  EXPECT_EQ(cursor.Bytes(1), "");
  cursor.Fail("later");
  EXPECT_THAT(cursor.Finish(), HasStatus(absl::StatusCode::kDataLoss, ::testing::Eq("truncated at byte 3")));
}

TEST(ByteCursorTest, FinishRefusesWhatIsLeft) {
  ByteCursor cursor("abc");
  cursor.Bytes(1);
  EXPECT_THAT(cursor.Finish(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("2 bytes too many after byte 1")));
}

}  // namespace
}  // namespace kindred
