#include "index/build/report_file.h"

#include <fstream>
#include <iterator>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::testing::HasSubstr;

TEST(WriteReportTest, TakesTheFilesPlaceOrSaysWhyNot) {
  const testing::TempDir dir;
  const std::string path = dir.Write("page.html", "an older and longer page");
  ASSERT_OK(WriteReport("new", path));
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "new");
  EXPECT_THAT(WriteReport("new", dir.File("none/page.html")),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("none/page.html: cannot write: No such file")));
}

}  // namespace
}  // namespace kindred
