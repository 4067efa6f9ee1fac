// The question that tests of versions ask.
#pragma once

#include <string>

#include "gtest/gtest.h"
#include "kindred/v1/related_search.pb.h"
#include "server/answer.h"
#include "server/snapshot.h"
#include "tests/testing/status_matchers.h"

namespace kindred::testing {

inline constexpr Question kTent{"", "tent", 8, false};

// What it is answered with.
inline std::string FirstKeyword(const Snapshot& snapshot) {
  v1::GetRelatedKeywordsResponse response;
  const auto result = snapshot.Ask(kTent);
  EXPECT_OK(result);
  EXPECT_TRUE(response.ParseFromString(result->answer->Response({})));
  return response.keywords(0).keyword();
}

}  // namespace kindred::testing
