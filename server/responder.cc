#include "server/responder.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "common/logging.h"
#include "common/status_macros.h"
#include "google/protobuf/io/coded_stream.h"
#include "index/text/code_points.h"
#include "index/text/normalized_query.h"
#include "index/text/stripped_form.h"
#include "kindred/index/v1/index_info.pb.h"
#include "kindred/v1/related_search.pb.h"
#include "server/request_parser.h"

namespace kindred {
namespace {

using Fingerprints = absl::InlinedVector<uint32_t, kMaxRecentQueries>;

// One that has no normal form was never suggested either; where one is not even UTF-8, or too long for one, all_normal
// is set to false.
Fingerprints Searched(absl::Span<const absl::string_view> recent_queries, bool& all_normal) {
  Fingerprints fingerprints;
  for (const absl::string_view recent : recent_queries) {
    const absl::StatusOr<NormalizedQuery> query = NormalizeQuery(recent);
    all_normal &= query.ok();
    if (query.ok() && !query->empty()) fingerprints.push_back(StrippedFingerprint(*query));
  }
  return fingerprints;
}

bool IsText(const RequestView& request) {
  return IsUtf8(request.query) && IsUtf8(request.market) && absl::c_all_of(request.recent_queries, IsUtf8);
}

// The error of a request of a batch.
absl::Status OfRequest(size_t place, const absl::Status& status) {
  const std::string name = absl::StrCat("requests[", place, "]");
  if (!absl::IsInvalidArgument(status)) return Annotate(status, name);
  return absl::InvalidArgumentError(absl::StrCat(name, ".", status.message()));
}

// What precedes the bytes of each response in those of a BatchGetRelatedKeywordsResponse: the tag of field 1, the
// length.
void AppendResponse(absl::string_view response, std::string& batch) {
  constexpr char kTag = (v1::BatchGetRelatedKeywordsResponse::kResponsesFieldNumber << 3) | 2;
  uint8_t length[5];
  uint8_t* const end =
      google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(response.size()), length);
  batch += kTag;
  batch.append(&length[0], end);
  batch.append(response.data(), response.size());
}

}  // namespace

Responder::Responder(const SnapshotStore* store, ServerMetrics* metrics, const Options& options)
    : store_(store), metrics_(metrics), options_(options) {}

absl::StatusOr<std::string> Responder::Respond(absl::string_view request) const {
  ASSIGN_OR_RETURN(std::optional<std::string> response, Respond(request, Effort::kAll));
  return std::move(response).value();  // kAll gives one.
}

absl::StatusOr<std::optional<std::string>> Responder::Respond(absl::string_view request, Effort effort) const {
  const std::shared_ptr<const Snapshot> snapshot = store_->Current();
  if (const std::optional<RequestView> seen = ScanRequest(request)) {
    if (const auto kept = snapshot->cache().Find(QuestionOf(*seen, *snapshot))) {
      if (std::optional<std::string> response = RespondWith(*kept, *seen)) return response;
    }
    if (IsText(*seen)) return AskAndRespond(*seen, *snapshot, effort);
  }
  return ParseAndRespond(request, *snapshot, effort);
}

std::optional<std::string> Responder::RespondWith(const kindred::Answer& kept, const RequestView& request) const {
  bool all_normal = true;
  const Fingerprints searched = Searched(request.recent_queries, all_normal);
  if (!all_normal) return std::nullopt;
  metrics_->CountQuery(kept.match(), true);
  return kept.Response(searched);
}

Question Responder::QuestionOf(const RequestView& request, const Snapshot& snapshot) const {
  return {.market = !request.market.empty()            ? request.market
                    : !options_.default_market.empty() ? absl::string_view(options_.default_market)
                                                       : snapshot.info().default_market(),
          .query = request.query,
          .max_keywords = request.max_keywords > 0 ? request.max_keywords : options_.default_keywords,
          .explain = request.explain};
}

absl::Status Responder::Answer(absl::string_view request, Batch& batch, absl::FunctionRef<absl::Status()> go_on) const {
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> parts, SplitBatchRequest(request));
  std::vector<BatchedRequest> requests(parts.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    requests[i] = {.bytes = parts[i], .seen = ScanRequest(parts[i]), .kept = nullptr};
    if (requests[i].seen.has_value() && IsText(*requests[i].seen)) continue;
    if (const auto parsed = ParseRequest(parts[i]); !parsed.ok()) return OfRequest(i, parsed.status());
  }
  if (batch.snapshot == nullptr) batch.snapshot = store_->Current();
  while (batch.answered < requests.size()) {
    RETURN_IF_ERROR(AnswerStep(absl::MakeSpan(requests), batch, go_on));
  }
  return absl::OkStatus();
}

// The next of a batch. What is kept of them is looked up for all at once: one after another, each look would wait for
// memory.
absl::Status Responder::AnswerStep(absl::Span<BatchedRequest> requests, Batch& batch,
                                   absl::FunctionRef<absl::Status()> go_on) const {
  const ResultCache& cache = batch.snapshot->cache();
  const absl::Span<BatchedRequest> step = requests.subspan(batch.answered, kBatchStep);
  for (const BatchedRequest& request : step) {
    if (request.seen.has_value()) cache.Prefetch(QuestionOf(*request.seen, *batch.snapshot));
  }
  for (BatchedRequest& request : step) {
    if (request.seen.has_value()) request.kept = cache.Find(QuestionOf(*request.seen, *batch.snapshot));
    if (request.kept != nullptr) request.kept->Prefetch();
  }
  bool ask = true;
  for (const BatchedRequest& request : step) {
    if (const absl::Status status = ask ? go_on() : absl::OkStatus(); !status.ok()) {
      return Annotate(status, absl::StrCat("after ", batch.answered, " of ", requests.size(), " queries"));
    }
    std::optional<std::string> response;
    if (request.kept != nullptr) response = RespondWith(*request.kept, *request.seen);
    ask = !response.has_value();
    if (!response.has_value()) {
      auto found = request.seen.has_value() ? AskAndRespond(*request.seen, *batch.snapshot, Effort::kAll)
                                            : ParseAndRespond(request.bytes, *batch.snapshot, Effort::kAll);
      if (!found.ok()) return OfRequest(batch.answered, found.status());
      response = *std::move(found);
    }
    AppendResponse(*response, batch.responses);
    ++batch.answered;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> Responder::ParseAndRespond(absl::string_view bytes, const Snapshot& snapshot,
                                                                      Effort effort) const {
  ASSIGN_OR_RETURN(const v1::GetRelatedKeywordsRequest request, ParseRequest(bytes));
  const auto& recent = request.recent_queries();
  return AskAndRespond({.query = request.query(),
                        .market = request.market(),
                        .max_keywords = request.max_keywords(),
                        .explain = request.explain(),
                        .recent_queries = {recent.end() - std::min(recent.size(), kMaxRecentQueries), recent.end()}},
                       snapshot, effort);
}

absl::StatusOr<std::optional<std::string>> Responder::AskAndRespond(const RequestView& request,
                                                                    const Snapshot& snapshot, Effort effort) const {
  const Question question = QuestionOf(request, snapshot);
  const absl::StatusOr<std::optional<Snapshot::Result>> result =
      effort == Effort::kAll ? snapshot.Ask(question) : snapshot.AskDirectly(question);
  if (absl::IsInvalidArgument(result.status())) return Annotate(result.status(), "query");
  if (!result.ok()) {
    ReportDamage(question, snapshot, result.status());
    return absl::Status(result.status().code(),  // Without what it says of files and of the query.
                        absl::StrCat("index version ", snapshot.version(),
                                     " cannot be read for this query; the server's log tells more"));
  }
  if (!result->has_value()) return std::nullopt;
  const kindred::Answer& answer = *(*result)->answer;
  metrics_->CountQuery(answer.match(), (*result)->cached);
  bool all_normal = true;  // Those that have no normal form were never shown.
  return answer.Response(Searched(request.recent_queries, all_normal));
}

void Responder::ReportDamage(const Question& question, const Snapshot& snapshot, const absl::Status& status) const {
  LogDebug("index does not answer", {{"query", std::string(question.query)},
                                     {"market", std::string(question.market)},
                                     {"problem", std::string(status.message())}});
  const std::optional<int64_t> unreported = damage_reports_.Pass(std::chrono::steady_clock::now());
  if (!unreported.has_value()) return;
  LogError("index does not answer: publish another version or build it again",
           {{"version", absl::StrCat(snapshot.version())},
            {"code", absl::StatusCodeToString(status.code())},
            {"unreported", absl::StrCat(*unreported)}});
}

}  // namespace kindred
