#include "server/grpc_server.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/logging.h"
#include "common/status_macros.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/server_builder_option.h"
#include "grpcpp/impl/server_builder_plugin.h"
#include "kindred/v1/related_search.grpc.pb.h"
#include "server/tls_credentials.h"

namespace kindred {
namespace {

// A batch of 100 requests with every field at its limit and the five recent queries that count takes about 160 KiB.
constexpr int kMaxRequestBytes = 256 << 10;
constexpr int kMaxStreamsPerConnection = 1000;
// A client that sends keep-alive pings no more often than this is not taken for an attacker.
constexpr absl::Duration kMinPingInterval = absl::Seconds(10);
// A connection whose peer vanished is closed after this long.
constexpr absl::Duration kKeepAlive = absl::Minutes(2);

// How long a new connection may take for the handshakes of TLS and HTTP/2.
constexpr absl::Duration kHandshakeTimeout = absl::Seconds(10);
// A call's headers, all together.
constexpr int kMaxMetadataBytes = 8 << 10;

// To gRPC, the largest number is for ever.
int Milliseconds(absl::Duration duration) {
  return static_cast<int>(std::min<int64_t>(absl::ToInt64Milliseconds(duration), std::numeric_limits<int>::max()));
}

// The library's plug-in registers itself for every server of the process; this takes it out of one.
class NoReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    const std::string name = grpc::reflection::ProtoServerReflectionPlugin().name();
    std::erase_if(*plugins, [&name](const auto& plugin) { return plugin->name() == name; });
  }
};

void SetLimits(const GrpcServer::Options& options, grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("kindred");
  quota.Resize(options.memory_bytes);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  const std::pair<const char*, int> limits[] = {
      {GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes},
      {GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection},
      {GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Milliseconds(kHandshakeTimeout)},
      {GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(options.max_connection_age)},
      {GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Milliseconds(options.max_connection_age)},
      {GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(kKeepAlive)},
      {GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1},
      {GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, Milliseconds(kMinPingInterval)},
  };
  for (const auto& [name, value] : limits) builder.AddChannelArgument(name, value);
  // Only reflection uses synchronous threads; one is enough.
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
}

}  // namespace

void GrpcServer::RouteLibraryLogs() {
  gpr_set_log_function([](gpr_log_func_args* args) { LogDebug("grpc", {{"message", args->message}}); });
  google::protobuf::SetLogHandler([](google::protobuf::LogLevel, const char*, int, const std::string& message) {
    LogDebug("protobuf", {{"message", message}});
  });
}

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const Options& options, grpc::Service* service) {
  auto acceptor = ConnectionAcceptor::Listen(options.listen);
  if (!acceptor.ok()) {
    return Annotate(acceptor.status(),
                    absl::StrCat("cannot listen on ", options.listen, "; choose another address with --listen"));
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  SetLimits(options, builder);
  builder.RegisterService(service);
  if (!options.reflection) builder.SetOption(std::make_unique<NoReflection>());
  const std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> door =
      builder.experimental().AddExternalConnectionAcceptor(
          grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
          options.tls == nullptr ? grpc::InsecureServerCredentials() : MakeTlsCredentials(options.tls));
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return absl::InternalError("gRPC does not start");
  server->GetHealthCheckService()->SetServingStatus(v1::RelatedSearchService::service_full_name(), true);
  const auto take = [door](int listener_fd, int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.listener_fd = listener_fd;
    connection.fd = fd;
    door->HandleNewConnection(&connection);
  };
  (*acceptor)->Start(options.max_connections, take, [metrics = options.metrics] {
    if (metrics != nullptr) metrics->CountRefusedConnection();
  });
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(server), *std::move(acceptor)));
}

GrpcServer::GrpcServer(std::unique_ptr<grpc::Server> server, std::unique_ptr<ConnectionAcceptor> acceptor)
    : server_(std::move(server)), acceptor_(std::move(acceptor)) {}

GrpcServer::~GrpcServer() = default;

void GrpcServer::StopServing() { server_->GetHealthCheckService()->Shutdown(); }

void GrpcServer::Shutdown(absl::Duration timeout) {
  acceptor_->Stop();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + timeout));
  server_->Wait();
}

}  // namespace kindred
