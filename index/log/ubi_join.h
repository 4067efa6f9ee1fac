// Joins the events of a User Behavior Insights log to their searches, by query_id, over all inputs of a run. Events may
// stand before their searches, and in other files, so that they wait here until everything is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "index/log/row_tally.h"
#include "index/log/search_event.h"
#include "index/log/text_arena.h"

namespace kindred {

// Not thread-safe. Memory: for each search about 110 bytes and its texts, for each waiting event about 120 and its
// texts.
class UbiJoin {
 public:
  // A search that the log has as a document of its own. Of several with one id the earliest stands for all.
  void AddSearch(absl::string_view query_id, const SearchEvent& search);

  // An event of a file. Its query and market may be empty, if its search is to tell them. A search event (kSearch)
  // counts where no document has its id.
  void Hold(absl::string_view query_id, const SearchEvent& event, absl::string_view file, uint64_t line);

  // After the last input: the next event, or nullopt after the last. Views are valid as long as the join. The tally
  // gets to know what became of each row that is looked at. Skipped: "event of an unknown query_id"; "search event of a
  // query that is logged" (as a document).
  std::optional<SearchEvent> NextHeld(RowTally& tally);

 private:
  struct Search {
    absl::string_view query, market;
    int64_t time_ms;
    bool is_document;
  };
  struct Held {
    absl::string_view query_id;
    SearchEvent event;
    uint64_t line;
    uint32_t file;  // Of files_.
  };

  void Learn(absl::string_view query_id, const Search& search);
  void LearnFromSearchEvents();
  std::optional<SearchEvent> Settle(const Held& held, RowTally& tally);
  void Skip(const Held& held, absl::string_view reason, RowTally& tally);

  TextArena texts_;
  absl::flat_hash_map<absl::string_view, Search> searches_;  // By query_id.
  std::vector<Held> held_;
  std::vector<std::string> files_;
  size_t next_held_ = 0;
  bool learnt_from_search_events_ = false;
};

}  // namespace kindred
