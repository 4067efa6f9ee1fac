#include "server/trace_context.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(TraceContextTest, ReadsTheTraceAndTheSpan) {
  for (const char* good : {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"}) {
    EXPECT_THAT(TraceFields(good),
                ElementsAre(Pair("trace_id", "0af7651916cd43dd8448eb211c80319c"), Pair("span_id", "b7ad6b7169203331")));
  }
}

TEST(TraceContextTest, AnythingElseStaysOutOfTheLog) {
  for (const char* bad : {"", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                          "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                          "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                          "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
                          "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                          "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                          "00-0af7651916cd43dd8448eb211c80319c\n-b7ad6b716920333-01"}) {
    EXPECT_THAT(TraceFields(bad), IsEmpty()) << bad;
  }
}

}  // namespace
}  // namespace kindred
