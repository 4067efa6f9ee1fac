// Makes an EventTable from a few lines of a test.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "index/mine/event_table.h"

namespace kindred::testing {

inline constexpr double kDay = 24 * 3600;  // Seconds.

// Searches and clicks of one log. Times are in seconds from an arbitrary start.
class LogBuilder {
 public:
  explicit LogBuilder(SpillOptions spill = {}, TableDetail detail = TableDetail::kAll)
      : builder_(std::make_unique<EventTableBuilder>(std::move(spill), detail)) {}

  LogBuilder& Search(const std::string& user, double seconds, const std::string& query,
                     const std::string& market = "") {
    return Add(user, seconds, query, "", market);
  }
  LogBuilder& Click(const std::string& user, double seconds, const std::string& query, const std::string& item,
                    const std::string& market = "") {
    return Add(user, seconds, query, item, market);
  }
  // A search of which the log tells how many products it found.
  LogBuilder& SearchWithHits(const std::string& user, double seconds, const std::string& query, uint64_t hits) {
    hits_ = hits;
    Add(user, seconds, query, "", "");
    hits_.reset();
    return *this;
  }
  // The only market's table.
  EventTable Table() {
    std::vector<EventTable> tables = Tables();
    EXPECT_EQ(tables.size(), 1u);
    return std::move(tables.at(0));
  }
  std::vector<EventTable> Tables() { return builder_->Finish(); }

  static constexpr int64_t kStartMs = 1'700'000'000'000;

 private:
  LogBuilder& Add(const std::string& user, double seconds, const std::string& query, const std::string& item,
                  const std::string& market) {
    SearchEvent event;
    event.user = user;
    event.query = query;
    event.item = item;
    event.market = market;
    event.time_ms = kStartMs + static_cast<int64_t>(seconds * 1000);
    event.hits = hits_;
    event.action = item.empty() ? Action::kSearch : Action::kClick;
    EXPECT_TRUE(builder_->Add(event).ok());
    return *this;
  }

  std::unique_ptr<EventTableBuilder> builder_;
  std::optional<uint64_t> hits_;
};

// The id of a query by its normalized text; the test fails where the table does not hold it.
inline QueryId IdOf(const EventTable& table, absl::string_view text) {
  for (QueryId i = 0; i < table.queries.size(); ++i) {
    if (table.queries[i].text() == text) return i;
  }
  ADD_FAILURE() << "no query " << std::string(text);
  return 0;
}

}  // namespace kindred::testing
