// Ranks every query of a made-up market and says what each stage costs. By default, a sixth of the queries are a shop's
// vocabulary, searched as Zipf's law has it; the others are one of those with a word more, most of them one person's:
// the long tail that a real log has.
#include <sys/resource.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_tables.h"
#include "index/rank/ranker.h"

ABSL_FLAG(uint64_t, queries, 100000, "distinct queries, about; eight searches for each");
ABSL_FLAG(uint32_t, min_users, 1, "fewest people who searched a keyword, and what follows from it for sources");
ABSL_FLAG(uint32_t, threads, 1, "of the tables; lists are ranked on one");

namespace kindred {
namespace {

constexpr int64_t kStartMs = 1'750'000'000'000, kDays = 90;
constexpr uint32_t kTopicSize = 100;
constexpr size_t kSpillBytes = size_t{64} << 20;  // As `kindred-index build` takes of a large budget.

class Shop {
 public:
  explicit Shop(uint64_t queries) : random_(7) {
    const auto topics = static_cast<uint32_t>(std::max<uint64_t>(1, queries / 6 / kTopicSize));
    for (uint32_t topic = 0; topic < topics; ++topic) {
      for (uint32_t i = 0; i < kTopicSize; ++i) {
        std::string query = Word(topic * 13);
        for (auto words = random_() % 3; words > 0; --words) absl::StrAppend(&query, " ", Word(Zipf(20000)));
        vocabulary_.push_back(std::move(query));
      }
    }
  }

  // One visit: five searches on average, seven in ten of the topic of the one before, six in ten with a click.
  absl::Status Visit(const std::string& user, int64_t time_ms, EventTableBuilder& table, uint64_t& events) {
    uint32_t at = Zipf(static_cast<uint32_t>(vocabulary_.size()));
    std::string item;
    do {
      SearchEvent event;
      event.user = user;
      std::string query = vocabulary_[Shuffled(at)];
      if (random_() % 100 < 15) absl::StrAppend(&query, " m", Zipf(20000));
      event.query = query;
      event.time_ms = time_ms;
      if (random_() % 10 < 6) {
        item = absl::StrCat("p", Shuffled(at) / kTopicSize * 20 + Zipf(20));
        event.item = item;
        event.action = Action::kClick;
      }
      RETURN_IF_ERROR(table.Add(event));
      ++events;
      time_ms += 30'000;
      const uint32_t topic = Shuffled(at) / kTopicSize;
      at = random_() % 10 < 7 ? Unshuffled(topic * kTopicSize + Zipf(kTopicSize))
                              : Zipf(static_cast<uint32_t>(vocabulary_.size()));
    } while (random_() % 5 != 0);
    return absl::OkStatus();
  }

  int64_t AnyTime() { return kStartMs + static_cast<int64_t>(random_() % (kDays * 86'400'000)); }

 private:
  // From 0, with a probability of about 1 / (1 + n).
  uint32_t Zipf(uint32_t limit) {
    const double uniform = static_cast<double>(random_() >> 11) * 0x1p-53;
    return std::min(limit - 1, static_cast<uint32_t>(std::exp(uniform * std::log(limit))) - 1);
  }
  static std::string Word(uint32_t number) {
    std::string word;
    for (int i = 0; i < 3; ++i, number /= 40) {
      word += "bcdfghklmn"[number % 10];
      word += "aeiu"[number / 10 % 4];
    }
    return word;
  }
  // Popular queries stand in all topics: place by popularity to place by topic and back.
  uint32_t Shuffled(uint32_t at) const {
    const auto topics = static_cast<uint32_t>(vocabulary_.size() / kTopicSize);
    return at % topics * kTopicSize + at / topics;
  }
  uint32_t Unshuffled(uint32_t place) const {
    const auto topics = static_cast<uint32_t>(vocabulary_.size() / kTopicSize);
    return place % kTopicSize * topics + place / kTopicSize;
  }

  std::mt19937_64 random_;
  std::vector<std::string> vocabulary_;
};

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Prints what the stage since the last call took.
class Stages {
 public:
  void Done(const std::string& stage) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const double now = CpuSeconds();
    std::cout << absl::StrFormat("%-10s %8.2f s of one core, peak %5d MiB\n", stage, now - last_,
                                 usage.ru_maxrss >> 10);
    last_ = CpuSeconds();
  }

 private:
  double last_ = CpuSeconds();
};

absl::StatusOr<EventTable> MakeTable(uint64_t queries) {
  Shop shop(queries);
  EventTableBuilder builder({.memory_limit_bytes = kSpillBytes});
  uint64_t events = 0;
  for (uint64_t visit = 0; events < 8 * queries; ++visit) {
    // Every user comes some two times.
    RETURN_IF_ERROR(shop.Visit(absl::StrCat("u", visit / 2), shop.AnyTime(), builder, events));
  }
  return std::move(builder.Finish().front());
}

absl::Status Measure() {
  Stages stages;
  ASSIGN_OR_RETURN(EventTable table, MakeTable(absl::GetFlag(FLAGS_queries)));
  stages.Done("log");
  ASSIGN_OR_RETURN(MinedLog mined, MineAndForget(table, {}));
  stages.Done("mine");
  const size_t pairs = mined.pairs.size();
  RankOptions options;
  options.min_users = absl::GetFlag(FLAGS_min_users);
  ASSIGN_OR_RETURN(const auto tables,
                   RankTables::Create(table, std::move(mined), options, absl::GetFlag(FLAGS_threads)));
  stages.Done("tables");
  for (const auto& [part, bytes] : tables->PartBytes()) {
    std::cout << absl::StrFormat("  %-20s %7.1f bytes a query\n", part,
                                 static_cast<double>(bytes) / static_cast<double>(table.queries.size()));
  }
  Ranker ranker(tables);
  EncodedList list;
  uint64_t lists = 0, keywords = 0, bytes = 0, checksum = 0;
  const double start = CpuSeconds();
  for (QueryId query = 0; query < table.queries.size(); ++query) {
    ASSIGN_OR_RETURN(const bool any, ranker.Encode(query, list));
    if (!any) continue;
    ++lists;
    keywords += list.keywords;
    bytes += list.value.size();
    checksum = XXH3_64bits_withSeed(list.value.data(), list.value.size(), checksum);
  }
  const double seconds = CpuSeconds() - start;
  stages.Done("sources");
  uint64_t touched = 0;
  const uint32_t step = 101;
  for (QueryId query = 0; query < table.queries.size(); query += step) touched += ranker.Candidates(query).size();
  const auto each = [&](uint64_t sum) { return static_cast<double>(sum) / static_cast<double>(lists); };
  std::cout << absl::StrFormat(
                   "%d searches, %d queries, %d pairs of enough people; %d lists, %.1f keywords and %.0f bytes a list, "
                   "checksum %016x\n",
                   table.events(), table.queries.size(), pairs, lists, each(keywords), each(bytes), checksum)
            << absl::StrFormat("%.1f us a list, %.0f queries scored for each\n",
                               1e6 * seconds / static_cast<double>(lists),
                               static_cast<double>(touched) * step / static_cast<double>(table.queries.size()));
  const RankReport report = ranker.report();
  std::cout << absl::StrFormat(
      "caps cut: %d rows, %d word pools, %d queries' products, %d products' queries, %d walks\n", report.rows_cut,
      report.word_pools_cut, report.products_of_query_cut, report.queries_of_product_cut, report.walks_cut);
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("rank_bench [--queries N] [--min_users N]: what ranking costs", argc, argv);
  return kindred::Finish("rank_bench", kindred::Measure());
}
