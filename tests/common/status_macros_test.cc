#include "common/status_macros.h"

#include <memory>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::StrEq;

TEST(AnnotateTest, PutsTheContextBeforeTheMessageAndKeepsCodeAndPayloads) {
  absl::Status status = absl::DataLossError("truncated");
  status.SetPayload("mark", absl::Cord("kept"));
  const absl::Status annotated = Annotate(status, "index 42");
  EXPECT_THAT(annotated, testing::HasStatus(absl::StatusCode::kDataLoss, StrEq("index 42: truncated")));
  EXPECT_EQ(annotated.GetPayload("mark"), absl::Cord("kept"));
}

TEST(AnnotateTest, LeavesOkAlone) { EXPECT_EQ(Annotate(absl::OkStatus(), "index 42"), absl::OkStatus()); }

absl::Status Pass(const absl::Status& status, int* evaluations, bool* went_on) {
  RETURN_IF_ERROR((++*evaluations, status));
  *went_on = true;
  return absl::OkStatus();
}

TEST(ReturnIfErrorTest, GoesOnOnlyWhenOkAndEvaluatesOnce) {
  int evaluations = 0;
  bool went_on = false;
  EXPECT_THAT(Pass(absl::NotFoundError("x"), &evaluations, &went_on),
              testing::HasStatus(absl::StatusCode::kNotFound, StrEq("x")));
  EXPECT_FALSE(went_on);
  EXPECT_OK(Pass(absl::OkStatus(), &evaluations, &went_on));
  EXPECT_TRUE(went_on);
  EXPECT_EQ(evaluations, 2);
}

using Box = std::unique_ptr<int>;  // Can be moved, not copied.

absl::StatusOr<int> Sum(absl::StatusOr<Box> a, absl::StatusOr<Box> b) {
  ASSIGN_OR_RETURN(const Box left, std::move(a));
  ASSIGN_OR_RETURN(const Box right, std::move(b));
  return *left + *right;
}

TEST(AssignOrReturnTest, MovesTheValueOutOrPassesTheFirstFailureOn) {
  const absl::StatusOr<int> sum = Sum(std::make_unique<int>(2), std::make_unique<int>(40));
  ASSERT_OK(sum);
  EXPECT_EQ(*sum, 42);
  EXPECT_THAT(Sum(std::make_unique<int>(2), absl::AbortedError("b")),
              testing::HasStatus(absl::StatusCode::kAborted, StrEq("b")));
  EXPECT_THAT(Sum(absl::AbortedError("a"), absl::AbortedError("b")),
              testing::HasStatus(absl::StatusCode::kAborted, StrEq("a")));
}

}  // namespace
}  // namespace kindred
