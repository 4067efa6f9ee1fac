// Whatever bytes arrive as a request: they are refused as invalid, or make a request that keeps the API's limits.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "google/protobuf/stubs/logging.h"
#include "index/store/related_list.h"
#include "index/text/code_points.h"
#include "kindred/v1/related_search.pb.h"
#include "server/request_parser.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckRefusal(const absl::Status& status) { Require(absl::IsInvalidArgument(status) && !status.message().empty()); }

void CheckRequest(const kindred::v1::GetRelatedKeywordsRequest& request) {
  Require(!request.query().empty() && request.query().size() <= kindred::kMaxQueryBytes);
  Require(request.max_keywords() <= kindred::kMaxKeywords);
  Require(request.market().size() <= kindred::kMaxMarketBytes);
  Require(request.recent_queries_size() <= kindred::kMaxRecentQueriesSent);
  for (const auto& recent : request.recent_queries()) Require(recent.size() <= kindred::kMaxQueryBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const google::protobuf::LogSilencer* const silence = new google::protobuf::LogSilencer();
  static_cast<void>(silence);
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto request = kindred::ParseRequest(bytes);
  request.ok() ? CheckRequest(*request) : CheckRefusal(request.status());
  const auto view = kindred::ScanRequest(bytes);
  if (view.has_value() && !request.ok()) {
    bool is_text = kindred::IsUtf8(view->query) && kindred::IsUtf8(view->market);
    for (const auto recent : view->recent_queries) is_text &= kindred::IsUtf8(recent);
    Require(!is_text);
  }
  if (view.has_value() && request.ok()) {
    Require(view->query == request->query() && view->market == request->market());
    Require(view->max_keywords == request->max_keywords() && view->explain == request->explain());
    Require(std::equal(view->recent_queries.begin(), view->recent_queries.end(), request->recent_queries().begin(),
                       request->recent_queries().end()));
  }
  const auto batch = kindred::SplitBatchRequest(bytes);
  if (!batch.ok()) CheckRefusal(batch.status());
  bool all_parse = batch.ok();
  for (const absl::string_view each : batch.ok() ? *batch : std::vector<absl::string_view>()) {
    Require(each.data() >= bytes.data() && each.data() + each.size() <= bytes.data() + bytes.size());
    all_parse &= kindred::v1::GetRelatedKeywordsRequest().ParseFromArray(each.data(), static_cast<int>(each.size()));
    const auto one = kindred::ParseRequest(each);
    one.ok() ? CheckRequest(*one) : CheckRefusal(one.status());
  }
  kindred::v1::BatchGetRelatedKeywordsRequest parsed;
  const bool is_batch = parsed.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
                        parsed.requests_size() >= 1 && parsed.requests_size() <= kindred::kMaxBatchRequests;
  if (!is_batch) return 0;
  Require(all_parse && batch->size() == static_cast<size_t>(parsed.requests_size()));
  for (size_t i = 0; i < batch->size(); ++i) {
    kindred::v1::GetRelatedKeywordsRequest one;
    Require(one.ParseFromArray((*batch)[i].data(), static_cast<int>((*batch)[i].size())));
    Require(one.SerializeAsString() == parsed.requests(static_cast<int>(i)).SerializeAsString());
  }
  return 0;
}
