// What Prometheus is told of the index version that is served at the moment of asking.
#pragma once

#include <memory>

namespace prometheus {
class Collectable;
}

namespace kindred {

class SnapshotStore;

// Thread-safe. `store` must outlive what is returned.
std::shared_ptr<prometheus::Collectable> MakeSnapshotMetrics(const SnapshotStore* store);

}  // namespace kindred
