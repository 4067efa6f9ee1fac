// The API on the wire: gRPC calls to Responder, counted and timed.
#pragma once

#include <memory>

#include "server/responder.h"
#include "server/server_metrics.h"
#include "server/token_file.h"
#include "server/work_queue.h"

namespace grpc {
class Service;
}

namespace kindred {

// What a service works with; all of it must outlive the service.
struct RelatedSearchParts {
  const Responder* responder;
  ServerMetrics* metrics;
  // Calls that their queue does not take are answered RESOURCE_EXHAUSTED. Of single calls, those stand in one that take
  // a search among near queries. Batches have one of their own, so that dear ones hold up no single call; a batch
  // weighs as much as it has queries.
  WorkQueue* singles;
  WorkQueue* batches;
  TokenFile* tokens = nullptr;  // Where there are some, calls that show none of them are UNAUTHENTICATED.
};

// A kindred.v1.RelatedSearchService on gRPC's callback API. Single calls are answered on gRPC's own threads where that
// takes microseconds, less than handing them to another thread would: from the cache, and from the query's own list,
// so that no search among near queries keeps out a query that the index knows. Such searches are handed over, unless
// single calls took little lately, on average. So are batches, where they take longer than a fifth of a millisecond;
// one that takes longer than a millisecond against expectation is handed over half answered.
std::unique_ptr<grpc::Service> MakeRelatedSearchService(const RelatedSearchParts& parts);

}  // namespace kindred
