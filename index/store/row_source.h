// Rows as they are stored, by key: what an IndexReader decodes. A version's come from its database; an index that is
// built only to be asked (index/evaluate/trial_index.h) makes those that somebody asks for.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

// Bytes of one row, which `owner`, or without one the source, keeps alive. The source must outlive both.
struct StoredRow {
  absl::string_view value;
  std::shared_ptr<const void> owner;
};

// Thread-safe.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // nullopt: there is no such row. Keys are those of format.h.
  virtual absl::StatusOr<std::optional<StoredRow>> Get(const std::string& key) const = 0;
};

// Takes rows in ascending order of their keys, all of one kind and market.
class RowSink {
 public:
  virtual ~RowSink() = default;

  virtual absl::Status Add(absl::string_view key, absl::string_view value) = 0;
};

}  // namespace kindred
