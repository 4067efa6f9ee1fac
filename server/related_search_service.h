// The API on the wire: gRPC calls to Responder, counted and timed.
#pragma once

#include <memory>

#include "server/responder.h"
#include "server/server_metrics.h"
#include "server/token_file.h"

namespace grpc {
class Service;
}

namespace kindred {

// A kindred.v1.RelatedSearchService on gRPC's callback API. Calls are answered on gRPC's own threads: an answer takes
// microseconds, less than handing it to another thread would. All arguments must outlive the service. With `tokens`,
// calls that show none of them are UNAUTHENTICATED.
std::unique_ptr<grpc::Service> MakeRelatedSearchService(const Responder* responder, ServerMetrics* metrics,
                                                        TokenFile* tokens = nullptr);

}  // namespace kindred
