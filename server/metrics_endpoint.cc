#include "server/metrics_endpoint.h"

#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"

namespace kindred {

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const std::string& listen, std::vector<std::shared_ptr<prometheus::Collectable>> metrics) {
  std::unique_ptr<prometheus::Exposer> exposer;
  try {  // The library's only way to say no.
    // One thread: the library is not made for more (it calls gmtime). Clients that send nothing, or half of a request,
    // keep it for so long only; the library's default is 30 seconds.
    exposer = std::make_unique<prometheus::Exposer>(
        std::vector<std::string>{"listening_ports", listen, "num_threads", "1", "request_timeout_ms", "500"});
  } catch (const std::exception&) {
    return absl::UnavailableError(absl::StrCat(
        "cannot serve metrics on ", listen,
        ": the port is in use or not allowed to this user, or the address is no IPv4 address of this machine; choose "
        "another with --metrics_listen, or none with --metrics_listen="));
  }
  for (const auto& metric : metrics) exposer->RegisterCollectable(metric);
  return std::unique_ptr<MetricsEndpoint>(new MetricsEndpoint(std::move(exposer), std::move(metrics)));
}

MetricsEndpoint::MetricsEndpoint(std::unique_ptr<prometheus::Exposer> exposer,
                                 std::vector<std::shared_ptr<prometheus::Collectable>> metrics)
    : metrics_(std::move(metrics)), exposer_(std::move(exposer)) {}

MetricsEndpoint::~MetricsEndpoint() = default;

int MetricsEndpoint::port() const { return exposer_->GetListeningPorts().front(); }

}  // namespace kindred
