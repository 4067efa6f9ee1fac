// Listens for gRPC calls of one service, beside health checks (grpc.health.v1) and reflection, and stops without
// failing a call.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/connection_acceptor.h"
#include "server/server_metrics.h"
#include "server/tls_files.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace kindred {

// Serves from Start() until destroyed. Methods are for one thread.
class GrpcServer {
 public:
  struct Options {
    std::string listen;                // "HOST:PORT"; port 0 takes a free one.
    TlsFiles* tls = nullptr;           // Must outlive the server. None: plain text.
    ServerMetrics* metrics = nullptr;  // Must outlive the server. Counts connections that are refused.
    bool reflection = true;            // Whether anybody may ask for the API's description.
    int max_connections = 10'000;      // What comes on top is closed at once.
    size_t memory_bytes = 512 << 20;   // For what gRPC reads and writes, over all connections.
    // After about so long (a tenth more or less, so that not all come at once) a connection takes no new calls, and its
    // client makes another, perhaps to a replica that is new. Calls that still run have as long again to end.
    absl::Duration max_connection_age = absl::Minutes(10);
  };

  // Sends gRPC's and Protobuf's own messages to the log at debug level. Call once, before Start().
  static void RouteLibraryLogs();

  // `service` must outlive the server.
  //   InvalidArgument: `listen` is no HOST:PORT.  Unavailable: it cannot be listened on.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const Options& options, grpc::Service* service);
  ~GrpcServer();

  int port() const { return acceptor_->port(); }

  // Tells health checks, and so load balancers, that no new calls are wanted. Calls are still answered.
  void StopServing();
  // Refuses new calls and returns when those in flight have finished, at the latest after `timeout`, which cancels
  // them.
  void Shutdown(absl::Duration timeout);

 private:
  GrpcServer(std::unique_ptr<grpc::Server> server, std::unique_ptr<ConnectionAcceptor> acceptor);

  const std::unique_ptr<grpc::Server> server_;
  const std::unique_ptr<ConnectionAcceptor> acceptor_;
};

}  // namespace kindred
