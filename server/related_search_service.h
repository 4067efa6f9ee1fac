// The API on the wire: gRPC calls to Responder, counted and timed.
#pragma once

#include <memory>

#include "server/responder.h"
#include "server/server_metrics.h"

namespace grpc {
class Service;
}

namespace kindred {

// A kindred.v1.RelatedSearchService on gRPC's callback API. Calls are answered on gRPC's own threads: an answer takes
// microseconds, less than handing it to another thread would. Both arguments must outlive the service.
std::unique_ptr<grpc::Service> MakeRelatedSearchService(const Responder* responder, ServerMetrics* metrics);

}  // namespace kindred
