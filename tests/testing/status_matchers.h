// GoogleTest 1.12 has no matchers for absl::Status; these are the few that the tests need.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred::testing {

inline const absl::Status& GetStatus(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).ok();
}

// EXPECT_THAT(result, HasStatus(absl::StatusCode::kDataLoss, HasSubstr("tent")));
MATCHER_P2(HasStatus, code, message_matcher, "has the status code and message") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).code() == code && ::testing::Matches(message_matcher)(std::string(GetStatus(arg).message()));
}

}  // namespace kindred::testing

#define EXPECT_OK(expression) EXPECT_THAT(expression, ::kindred::testing::IsOk())
#define ASSERT_OK(expression) ASSERT_THAT(expression, ::kindred::testing::IsOk())
// ASSERT_OK_AND_ASSIGN(const auto reader, IndexReader::Open(dir, {}));
#define ASSERT_OK_AND_ASSIGN(declaration, expression) \
  ASSERT_OK_AND_ASSIGN_IMPL(KINDRED_TEST_CONCAT(status_or_, __LINE__), declaration, expression)
#define KINDRED_TEST_CONCAT_INNER(a, b) a##b
#define KINDRED_TEST_CONCAT(a, b) KINDRED_TEST_CONCAT_INNER(a, b)
#define ASSERT_OK_AND_ASSIGN_IMPL(result, declaration, expression) \
  auto result = (expression);                                      \
  ASSERT_OK(result);                                               \
  declaration = *std::move(result)
