#include "server/request_parser.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/unknown_field_set.h"
#include "google/protobuf/wire_format_lite.h"
#include "index/store/byte_cursor.h"
#include "index/store/related_list.h"
#include "index/text/normalized_query.h"
#include "kindred/v1/related_search.pb.h"

namespace kindred {
namespace {

absl::Status CheckLength(absl::string_view field, size_t bytes, size_t limit) {
  if (bytes <= limit) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(field, " must be at most ", limit, " bytes; it has ", bytes));
}

absl::Status CheckRequest(const v1::GetRelatedKeywordsRequest& request) {
  if (request.query().empty()) {
    return absl::InvalidArgumentError(absl::StrCat("query must be 1 to ", kMaxQueryBytes, " bytes; it is empty"));
  }
  RETURN_IF_ERROR(CheckLength("query", request.query().size(), kMaxQueryBytes));
  if (request.max_keywords() > kMaxKeywords) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_keywords must be at most ", kMaxKeywords, "; it is ", request.max_keywords()));
  }
  RETURN_IF_ERROR(CheckLength("market", request.market().size(), kMaxMarketBytes));
  if (request.recent_queries_size() > kMaxRecentQueriesSent) {
    return absl::InvalidArgumentError(absl::StrCat("recent_queries must be at most ", kMaxRecentQueriesSent,
                                                   "; there are ", request.recent_queries_size()));
  }
  for (int i = 0; i < request.recent_queries_size(); ++i) {
    const size_t bytes = request.recent_queries(i).size();
    if (bytes > kMaxQueryBytes) return CheckLength(absl::StrCat("recent_queries[", i, "]"), bytes, kMaxQueryBytes);
  }
  return absl::OkStatus();
}

// NormalizeQuery() knows what UTF-8 is and names the byte, so it judges every text field here.
absl::Status CheckText(absl::string_view field, absl::string_view value, size_t limit) {
  RETURN_IF_ERROR(CheckLength(field, value.size(), limit));
  return Annotate(NormalizeQuery(value).status(), field);
}

// Why bytes that do not parse do not: the field that is not UTF-8, else that they are no such message.
absl::Status ExplainBadRequest(absl::string_view bytes) {
  google::protobuf::UnknownFieldSet fields;
  if (fields.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    int recent = 0;
    for (int i = 0; i < fields.field_count(); ++i) {
      const google::protobuf::UnknownField& field = fields.field(i);
      if (field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED) continue;
      const std::string& value = field.length_delimited();
      if (field.number() == v1::GetRelatedKeywordsRequest::kQueryFieldNumber) {
        RETURN_IF_ERROR(CheckText("query", value, kMaxQueryBytes));
      } else if (field.number() == v1::GetRelatedKeywordsRequest::kMarketFieldNumber) {
        RETURN_IF_ERROR(CheckText("market", value, kMaxMarketBytes));
      } else if (field.number() == v1::GetRelatedKeywordsRequest::kRecentQueriesFieldNumber) {
        RETURN_IF_ERROR(CheckText(absl::StrCat("recent_queries[", recent++, "]"), value, kMaxQueryBytes));
      }
    }
  }
  return absl::InvalidArgumentError("request does not decode as kindred.v1.GetRelatedKeywordsRequest");
}

}  // namespace

std::optional<RequestView> ScanRequest(absl::string_view bytes) {
  using Request = v1::GetRelatedKeywordsRequest;
  using google::protobuf::internal::WireFormatLite;
  constexpr auto tag = [](int field, WireFormatLite::WireType type) {
    return static_cast<uint32_t>(field << 3 | type);
  };
  RequestView view;
  ByteCursor cursor(bytes);
  while (cursor.remaining() > 0) {
    // A text that comes twice is for the parser: of several the last counts, but all have to be UTF-8.
    switch (cursor.Varint()) {
      case tag(Request::kQueryFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED):
        if (!view.query.empty()) return std::nullopt;
        view.query = cursor.Bytes(cursor.Varint());
        break;
      case tag(Request::kMaxKeywordsFieldNumber, WireFormatLite::WIRETYPE_VARINT):
        view.max_keywords = cursor.Varint();
        break;
      case tag(Request::kMarketFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED):
        if (!view.market.empty()) return std::nullopt;
        view.market = cursor.Bytes(cursor.Varint());
        break;
      case tag(Request::kRecentQueriesFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED):
        if (view.recent_queries.size() == kMaxRecentQueries) return std::nullopt;
        view.recent_queries.push_back(cursor.Bytes(cursor.Varint()));
        if (view.recent_queries.back().size() > kMaxQueryBytes) return std::nullopt;
        break;
      case tag(Request::kExplainFieldNumber, WireFormatLite::WIRETYPE_VARINT):
        view.explain = cursor.Varint() != 0;
        break;
      default:
        return std::nullopt;
    }
    if (cursor.failed()) return std::nullopt;
  }
  if (view.query.empty() || view.query.size() > kMaxQueryBytes || view.market.size() > kMaxMarketBytes ||
      view.max_keywords > kMaxKeywords) {
    return std::nullopt;
  }
  return view;
}

absl::StatusOr<v1::GetRelatedKeywordsRequest> ParseRequest(absl::string_view bytes) {
  v1::GetRelatedKeywordsRequest request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return ExplainBadRequest(bytes);
  RETURN_IF_ERROR(CheckRequest(request));
  return request;
}

absl::StatusOr<std::vector<absl::string_view>> SplitBatchRequest(absl::string_view bytes) {
  using google::protobuf::internal::WireFormatLite;
  constexpr uint32_t kTag =
      v1::BatchGetRelatedKeywordsRequest::kRequestsFieldNumber << 3 | WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                                               static_cast<int>(bytes.size()));
  std::vector<absl::string_view> requests;
  requests.reserve(kMaxBatchRequests);
  size_t count = 0;
  bool decodes = true;
  while (const uint32_t tag = decodes ? input.ReadTag() : 0) {
    if (tag != kTag) {
      decodes = WireFormatLite::SkipField(&input, tag);
      continue;
    }
    int size = 0;
    decodes = input.ReadVarintSizeAsInt(&size);
    if (decodes) {
      const auto begin = static_cast<size_t>(input.CurrentPosition());
      decodes = input.Skip(size);
      if (++count <= kMaxBatchRequests) requests.push_back(bytes.substr(begin, static_cast<size_t>(size)));
    }
  }
  if (!decodes || !input.ConsumedEntireMessage()) {
    return absl::InvalidArgumentError("request does not decode as kindred.v1.BatchGetRelatedKeywordsRequest");
  }
  if (count == 0 || count > kMaxBatchRequests) {
    return absl::InvalidArgumentError(
        absl::StrCat("requests must hold 1 to ", kMaxBatchRequests, " requests; it holds ", count));
  }
  return requests;
}

}  // namespace kindred
