// kindred-server: serves related keywords from an index over gRPC.
#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/logging.h"
#include "common/machine_limits.h"
#include "common/program.h"
#include "common/shutdown_signal.h"
#include "common/status_macros.h"
#include "common/version.h"
#include "grpcpp/impl/codegen/service_type.h"
#include "index/store/size_check.h"
#include "kindred/index/v1/index_info.pb.h"
#include "server/connection_acceptor.h"
#include "server/grpc_server.h"
#include "server/index_watcher.h"
#include "server/listen_address.h"
#include "server/metrics_endpoint.h"
#include "server/process_metrics.h"
#include "server/related_search_service.h"
#include "server/request_parser.h"
#include "server/responder.h"
#include "server/server_metrics.h"
#include "server/snapshot_metrics.h"
#include "server/snapshot_store.h"
#include "server/tls_files.h"
#include "server/token_file.h"
#include "server/work_queue.h"

ABSL_FLAG(std::string, index, "", "Folder of the index, as kindred-index build made it. Required.");
ABSL_FLAG(std::string, listen, "127.0.0.1:50051",
          "HOST:PORT to serve gRPC on; 0.0.0.0:50051 serves other machines too, over TLS or with --insecure.");
ABSL_FLAG(std::string, tls_cert, "",
          "PEM file of the server's certificate, with its intermediate authorities' behind it. Empty: plain text. This "
          "and the next two are read again when they change.");
ABSL_FLAG(std::string, tls_key, "", "PEM file of its private key, unencrypted.");
ABSL_FLAG(
    std::string, tls_client_ca, "",
    "PEM file of authorities: clients must show a certificate of theirs (mutual TLS). Empty: no client needs one.");
ABSL_FLAG(std::string, token_file, "",
          "File of the bearer tokens that callers may show, one a line, read again when it changes. Empty: no caller "
          "needs one. Health checks never do.");
ABSL_FLAG(bool, insecure, false,
          "Allow plain text where other machines, or tokens, meet it: the network is trusted, or a proxy does TLS.");
ABSL_FLAG(int, max_connections, 10000, "Open connections at most; those on top are closed at once.");
ABSL_FLAG(
    absl::Duration, max_connection_age, absl::Minutes(10),
    "After about how long a client is asked to connect anew, so that new replicas get work. No call fails by it.");
ABSL_FLAG(kindred::ByteSize, grpc_memory_bytes, {512 << 20},
          "Memory for what connections read and write; 1MiB or more.");
ABSL_FLAG(bool, reflection, true, "Whether clients such as grpcurl may ask for the API's description.");
ABSL_FLAG(std::string, metrics_listen, "127.0.0.1:9464",
          "HOST:PORT of the page that Prometheus scrapes, /metrics: plain HTTP, open to all who reach it. It tells of "
          "numbers, never of queries. Empty: no such page.");
ABSL_FLAG(uint32_t, default_keywords, 8, "How many keywords a request gets that does not say; 1 to 50.");
ABSL_FLAG(
    std::string, default_market, "",
    "Which market a request asks that names none; a version without it is refused. Empty: the index's own default, "
    "the market of most searches.");
ABSL_FLAG(std::string, blocklist_file, "",
          "File of keywords that no shopper is shown, one a line, however cased, accented or spaced; \"word*\", "
          "\"*word\" and \"*word*\" block all that begin or end so, or hold it; a line that begins with # is a remark. "
          "Read again when it changes. Empty: none.");
ABSL_FLAG(kindred::ByteSize, cache_bytes, {64 << 20}, "Memory for answers that were given lately. 0: none.");
ABSL_FLAG(kindred::ByteSize, block_cache_bytes, {256 << 20}, "Memory for parts of the index that were read lately.");
ABSL_FLAG(double, min_size_ratio, kindred::kDefaultMinSizeRatio,
          "A new index version with less than this share of the served one's queries is refused, as a log that was cut "
          "short gives; 0 to 1. To take one all the same: touch DIR/VERSION/ACCEPT_SIZE.");
ABSL_FLAG(
    absl::Duration, max_queue_wait, absl::Milliseconds(3),
    "Calls for queries of which the index knows few keywords or none, that would wait longer than this for a thread, "
    "or than twice as long as they take if that is more, are answered RESOURCE_EXHAUSTED at once; batches may wait "
    "twice this, and a burst of calls up to 50 ms. For a second after that, unless the processors have time, as many "
    "are begun, evenly, as the processors can do, and this is how much unused time may be made up for at once.");
ABSL_FLAG(absl::Duration, poll_interval, absl::Seconds(1),
          "How often to look for a newly published index version, and for a changed blocklist.");
ABSL_FLAG(
    absl::Duration, drain_grace, absl::Seconds(5),
    "On SIGTERM, how long to go on answering after health checks turned NOT_SERVING, so that load balancers notice. "
    "Ctrl-C, or a second signal, does not wait.");
ABSL_FLAG(std::string, log_format, "text", "Format of the log on standard error: text or json.");
ABSL_FLAG(std::string, log_level, "info",
          "Lowest level to log: debug, info, warning or error. What shoppers typed is logged at debug only.");

namespace kindred {
namespace {

constexpr char kUsage[] =
    "serves related keywords from an index over gRPC.\n\n"
    "  kindred-server --index DIR [--listen HOST:PORT] [--metrics_listen HOST:PORT] [flags]\n\n"
    "Serves kindred.v1.RelatedSearchService, health checks (grpc.health.v1) and reflection. A version that is "
    "published\n"
    "into the index while the server runs is verified, then served from the next call on; a damaged one is refused.\n"
    "SIGTERM or Ctrl-C stops it once all calls have ended; on SIGHUP it looks at its certificates and tokens at once.\n"
    "Flags may stand in a file: --flagfile=FILE.\n";

constexpr uint64_t kLeastGrpcMemory = 1 << 20;  // With a thousand bytes it takes no call.
constexpr int kMostConnections = 1 << 30;       // As many as RaiseFileLimit() tells of at most.

// Calls take milliseconds: what is still running after this long is hung, or a health watcher that never ends by
// itself.
constexpr absl::Duration kDrainTimeout = absl::Seconds(5);

// Plain text is for this machine alone, unless somebody says that he knows.
absl::Status CheckPlainText() {
  if (!absl::GetFlag(FLAGS_tls_cert).empty() || absl::GetFlag(FLAGS_insecure)) return absl::OkStatus();
  constexpr char kRemedy[] =
      "; give --tls_cert FILE and --tls_key FILE, or --insecure where the network is trusted or a proxy does TLS";
  if (!absl::GetFlag(FLAGS_token_file).empty()) {
    return BadUsage(absl::StrCat("--token_file without TLS: tokens would travel in plain text", kRemedy));
  }
  const std::string listen = absl::GetFlag(FLAGS_listen);
  ASSIGN_OR_RETURN(const bool loopback, IsLoopback(listen));
  if (loopback) return absl::OkStatus();
  return BadUsage(
      absl::StrCat("--listen ", listen, " without TLS: what shoppers type would travel in plain text", kRemedy));
}

// Of HOST:PORT flags, those of TLS, and limits.
absl::Status CheckDoor() {
  for (const absl::Flag<std::string>* flag : {&FLAGS_listen, &FLAGS_metrics_listen}) {
    const std::string value = absl::GetFlag(*flag);
    if (value.empty() && flag == &FLAGS_metrics_listen) continue;
    const absl::Status status = ParseListenAddress(value).status();
    if (!status.ok()) return BadUsage(absl::StrCat("--", flag->Name(), ": ", status.message()));
  }
  if (absl::GetFlag(FLAGS_tls_cert).empty() != absl::GetFlag(FLAGS_tls_key).empty()) {
    return BadUsage("--tls_cert and --tls_key go together");
  }
  if (!absl::GetFlag(FLAGS_tls_client_ca).empty() && absl::GetFlag(FLAGS_tls_cert).empty()) {
    return BadUsage("--tls_client_ca needs --tls_cert and --tls_key");
  }
  RETURN_IF_ERROR(CheckPlainText());
  if (const int most = absl::GetFlag(FLAGS_max_connections); most < 1 || most > kMostConnections) {
    return BadUsage(absl::StrCat("--max_connections must be 1 to ", kMostConnections, "; it is ", most));
  }
  if (absl::GetFlag(FLAGS_max_connection_age) < absl::Seconds(1)) {
    return BadUsage("--max_connection_age must be at least 1s");
  }
  if (absl::GetFlag(FLAGS_grpc_memory_bytes).bytes < kLeastGrpcMemory) {
    return BadUsage("--grpc_memory_bytes must be at least 1MiB; is a unit missing?");
  }
  if (const ByteSize size = absl::GetFlag(FLAGS_cache_bytes); size.bytes > MemoryLimitBytes()) {
    return BadUsage(absl::StrCat("--cache_bytes ", AbslUnparseFlag(size), ": more than the ",
                                 AbslUnparseFlag({MemoryLimitBytes()}), " that this process may use"));
  }
  return absl::OkStatus();
}

// The index and the pages of metrics need file descriptors too.
void CheckFileLimit() {
  constexpr int kOthers = 1000;
  const int limit = RaiseFileLimit();
  const int wanted = absl::GetFlag(FLAGS_max_connections) + kOthers;
  if (limit >= wanted) return;
  absl::SetFlag(&FLAGS_max_connections, std::max(1, limit - std::min(kOthers, limit / 2)));
  LogWarning(
      "fewer connections than --max_connections: raise the limit of open files (ulimit -Hn)",
      {{"open_files", absl::StrCat(limit)}, {"max_connections", absl::StrCat(absl::GetFlag(FLAGS_max_connections))}});
}

absl::Status CheckFlags(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    return BadUsage(absl::StrCat("unexpected argument \"", arguments[0], "\"; see kindred-server --help"));
  }
  if (absl::GetFlag(FLAGS_index).empty()) {
    return BadUsage("--index DIR is missing: the folder that kindred-index build --index DIR made");
  }
  const uint32_t keywords = absl::GetFlag(FLAGS_default_keywords);
  if (keywords < 1 || keywords > kMaxKeywords) {
    return BadUsage(absl::StrCat("--default_keywords must be 1 to ", kMaxKeywords, "; it is ", keywords));
  }
  const double min_size_ratio = absl::GetFlag(FLAGS_min_size_ratio);
  if (!(min_size_ratio >= 0 && min_size_ratio <= 1)) {
    return BadUsage(absl::StrCat("--min_size_ratio must be 0 to 1; it is ", min_size_ratio));
  }
  if (absl::GetFlag(FLAGS_poll_interval) <= absl::ZeroDuration()) return BadUsage("--poll_interval must be above 0");
  if (absl::GetFlag(FLAGS_max_queue_wait) < absl::ZeroDuration())
    return BadUsage("--max_queue_wait must not be below 0");
  if (absl::GetFlag(FLAGS_drain_grace) < absl::ZeroDuration()) return BadUsage("--drain_grace must not be below 0");
  RETURN_IF_ERROR(CheckDoor());
  const absl::Status logging = InitLogging(absl::GetFlag(FLAGS_log_format), absl::GetFlag(FLAGS_log_level));
  return logging.ok() ? logging : BadUsage(logging.message());
}

// Null: plain text.
absl::StatusOr<std::unique_ptr<TlsFiles>> OpenTlsFiles() {
  if (absl::GetFlag(FLAGS_tls_cert).empty()) return nullptr;
  return TlsFiles::Open(
      {absl::GetFlag(FLAGS_tls_cert), absl::GetFlag(FLAGS_tls_key), absl::GetFlag(FLAGS_tls_client_ca)});
}

// Null: no caller needs one.
absl::StatusOr<std::unique_ptr<TokenFile>> OpenTokenFile() {
  const std::string path = absl::GetFlag(FLAGS_token_file);
  if (path.empty()) return nullptr;
  return TokenFile::Open(path);
}

GrpcServer::Options ServerOptions(TlsFiles* tls, ServerMetrics* metrics) {
  return {.listen = absl::GetFlag(FLAGS_listen),
          .tls = tls,
          .metrics = metrics,
          .reflection = absl::GetFlag(FLAGS_reflection),
          .max_connections = absl::GetFlag(FLAGS_max_connections),
          .memory_bytes = absl::GetFlag(FLAGS_grpc_memory_bytes).bytes,
          .max_connection_age = absl::GetFlag(FLAGS_max_connection_age)};
}

// Whether a signal came that stops the server. Others are dropped: files that change are seen without SIGHUP, too.
bool StopSignalCame() {
  const std::optional<int> signal = WaitForShutdownSignal(absl::ZeroDuration());
  return signal == SIGTERM || signal == SIGINT;
}

// The signal that stops the server, or nullopt after `timeout`. On SIGHUP files are read even where they did not
// change; where they did, that is seen by itself, too, when a call or a connection comes.
std::optional<int> WaitForStop(absl::Duration timeout, TlsFiles* tls, TokenFile* tokens) {
  const absl::Time end = absl::Now() + timeout;
  while (true) {
    const std::optional<int> signal = WaitForShutdownSignal(end - absl::Now());
    if (signal != SIGHUP) return signal;
    LogInfo("SIGHUP: looking at certificates and tokens");
    if (tls != nullptr) tls->Refresh();
    if (tokens != nullptr) tokens->Refresh();
  }
}

// Serves until a signal that stops the server, and then until calls have ended. SIGTERM comes from an orchestrator
// whose load balancers need time to notice; SIGINT from a person who does not.
void ServeAndDrain(GrpcServer& server, TlsFiles* tls, TokenFile* tokens) {
  const int signal = WaitForStop(absl::InfiniteDuration(), tls, tokens).value_or(SIGINT);
  LogInfo("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
  server.StopServing();
  if (signal == SIGTERM) WaitForStop(absl::GetFlag(FLAGS_drain_grace), tls, tokens);
  server.Shutdown(kDrainTimeout);
  LogInfo("stopped");
}

void LogServing(const GrpcServer& server, const MetricsEndpoint* endpoint, const Snapshot& snapshot) {
  LogInfo("serving", {{"listen", absl::GetFlag(FLAGS_listen)},
                      {"port", absl::StrCat(server.port())},
                      {"metrics_port", endpoint == nullptr ? "none" : absl::StrCat(endpoint->port())},
                      {"index", absl::GetFlag(FLAGS_index)},
                      {"version", absl::StrCat(snapshot.version())},
                      {"rows", absl::StrCat(snapshot.info().rows())},
                      {"build", absl::StrCat(kVersion, " (", kCommit, ")")}});
}

absl::Status Serve(const std::vector<std::string>& arguments) {
  RETURN_IF_ERROR(CheckFlags(arguments));
  GrpcServer::RouteLibraryLogs();
  CheckFileLimit();
  const SystemClock clock;
  ServerMetrics metrics;
  ASSIGN_OR_RETURN(const auto tls, OpenTlsFiles());
  auto opened = SnapshotStore::Open(IndexRoot(absl::GetFlag(FLAGS_index)),
                                    {.cache_bytes = absl::GetFlag(FLAGS_cache_bytes).bytes,
                                     .block_cache_bytes = absl::GetFlag(FLAGS_block_cache_bytes).bytes,
                                     .min_size_ratio = absl::GetFlag(FLAGS_min_size_ratio),
                                     .default_market = absl::GetFlag(FLAGS_default_market),
                                     .blocklist_file = absl::GetFlag(FLAGS_blocklist_file)},
                                    StopSignalCame);
  if (absl::IsCancelled(opened.status())) {
    LogInfo("stopped");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto store, std::move(opened));
  const Responder responder(store.get(), &metrics,
                            {.default_keywords = absl::GetFlag(FLAGS_default_keywords),
                             .default_market = absl::GetFlag(FLAGS_default_market)});
  ASSIGN_OR_RETURN(const auto tokens, OpenTokenFile());
  const int cores = static_cast<int>(CoreLimit());
  const absl::Duration max_wait = absl::GetFlag(FLAGS_max_queue_wait);
  const double processors = ProcessorLimit();
  WorkQueue singles({.threads = cores, .processors = processors, .max_wait = max_wait});
  // Of few callers, each of whom may well have several on the way.
  WorkQueue batches({.threads = (cores + 1) / 2, .processors = processors, .max_wait = 2 * max_wait});
  const std::unique_ptr<grpc::Service> service = MakeRelatedSearchService(
      {.responder = &responder, .metrics = &metrics, .singles = &singles, .batches = &batches, .tokens = tokens.get()});
  std::unique_ptr<MetricsEndpoint> endpoint;
  if (const std::string listen = absl::GetFlag(FLAGS_metrics_listen); !listen.empty()) {
    std::vector<std::shared_ptr<prometheus::Collectable>> all = {
        metrics.collectable(), MakeSnapshotMetrics(store.get()), MakeProcessMetrics()};
    if (tls != nullptr) all.push_back(MakeTlsMetrics(tls.get()));
    ASSIGN_OR_RETURN(endpoint, MetricsEndpoint::Start(listen, std::move(all)));
  }
  ASSIGN_OR_RETURN(const auto server, GrpcServer::Start(ServerOptions(tls.get(), &metrics), service.get()));
  IndexWatcher watcher(store.get(), &metrics, &clock, {.poll_interval = absl::GetFlag(FLAGS_poll_interval)});
  watcher.Start();
  LogServing(*server, endpoint.get(), *store->Current());
  ServeAndDrain(*server, tls.get(), tokens.get());
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  kindred::BlockShutdownSignals();  // Before any thread, so that all threads inherit it.
  // Debian builds Abseil with checks of every lock's order, which cost 2% of a call.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const std::vector<std::string> arguments = kindred::ParseProgramFlags(kindred::kUsage, argc, argv);
  return kindred::Finish("kindred-server", kindred::Serve(arguments));
}
