// The page that Prometheus scrapes: http://HOST:PORT/metrics.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace prometheus {
class Collectable;
class Exposer;
}  // namespace prometheus

namespace kindred {

// Serves from Start() until destroyed, on a thread of its own. Destroying it takes up to two seconds.
class MetricsEndpoint {
 public:
  // `listen`: "HOST:PORT"; port 0 takes a free one.
  //   Unavailable: the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(
      const std::string& listen, std::vector<std::shared_ptr<prometheus::Collectable>> metrics);
  ~MetricsEndpoint();

  int port() const;

 private:
  MetricsEndpoint(std::unique_ptr<prometheus::Exposer> exposer,
                  std::vector<std::shared_ptr<prometheus::Collectable>> metrics);

  std::vector<std::shared_ptr<prometheus::Collectable>> metrics_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace kindred
