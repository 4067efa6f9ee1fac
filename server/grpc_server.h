// Listens for gRPC calls of one service, beside health checks (grpc.health.v1) and reflection, and stops without
// failing a call.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace kindred {

// Serves from Start() until destroyed. Methods are for one thread.
class GrpcServer {
 public:
  // Sends gRPC's and Protobuf's own messages to the log at debug level. Call once, before Start().
  static void RouteLibraryLogs();

  // `listen`: "HOST:PORT"; port 0 takes a free one. `service` must outlive the server.
  //   Unavailable: the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const std::string& listen, grpc::Service* service);
  ~GrpcServer();

  int port() const { return port_; }

  // Tells health checks, and so load balancers, that no new calls are wanted. Calls are still answered.
  void StopServing();
  // Refuses new calls and returns when those in flight have finished, at the latest after `timeout`, which cancels
  // them.
  void Shutdown(absl::Duration timeout);

 private:
  GrpcServer(std::unique_ptr<grpc::Server> server, int port);

  std::unique_ptr<grpc::Server> server_;
  const int port_;
};

}  // namespace kindred
