// A response as people and as scripts read it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "kindred/v1/related_search.pb.h"

namespace kindred {

// An aligned list, with the evidence and the signals of each keyword where the response explains them.
std::string FormatAsText(const v1::GetRelatedKeywordsRequest& request, const v1::GetRelatedKeywordsResponse& response);

// JSON as Protobuf defines it, with the names of the .proto file and fields that are not set left out.
//   Internal: the response does not convert.
absl::StatusOr<std::string> FormatAsJson(const v1::GetRelatedKeywordsResponse& response);

}  // namespace kindred
