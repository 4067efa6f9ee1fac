// How much of what the lists show belongs to the topic of its query, where the truth is planted: the sample log's.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "index/build/sample_truth.h"
#include "index/store/related_list.h"

namespace kindred::testing {

// What a keyword is to the query that shows it, the best that holds.
enum Belonging : int {
  kSameTopic,     // A refinement, an alias, a sibling product, a respelling.
  kRelatedTopic,  // Of a topic planted beside it: what is bought along with it.
  kSameCategory,  // A neighbour that shoppers of the sample drift to.
  kHub,           // "免運": goes with everything, tells nothing.
  kBlockbuster,   // Of another topic, searched beside everything: "xbox".
  kForeign,       // Of another category. (Japanese topics have none.)
  kNoTopic,       // Half-typed, or junk.
  kBelongings,
};
inline constexpr std::array<absl::string_view, kBelongings> kBelongingNames = {
    "topic", "related", "category", "hub", "blockbuster", "foreign", "no topic"};

// Sums over lists, each slot with the list's weight.
struct PurityTally {
  std::array<double, kBelongings> slots{};
  double lists = 0;
  double lists_with_hub = 0;

  double Share(Belonging belonging) const {
    double sum = 0;
    for (const double s : slots) sum += s;
    return sum > 0 ? slots[belonging] / sum : 0;
  }
  double Purity() const { return Share(kSameTopic) + Share(kRelatedTopic); }
};

// Takes lists, gives shares. Not thread-safe.
class PurityMeter {
 public:
  static constexpr size_t kShown = 8;

  explicit PurityMeter(const SampleTruth& truth) : truth_(truth) {}

  Belonging Judge(absl::string_view source, absl::string_view keyword) const {
    const std::vector<uint32_t> a = truth_.TopicsOf(source), b = truth_.TopicsOf(keyword);
    if (b.empty()) return kNoTopic;
    if (b[0] == truth_.hub_topic()) return kHub;
    Belonging best = kForeign;
    for (const uint32_t x : a) {
      for (const uint32_t y : b) {
        if (x == y) return kSameTopic;
      }
    }
    for (const uint32_t x : a) {
      for (const uint32_t y : b) {
        if (truth_.Related(x, y)) return kRelatedTopic;
        if (truth_.Category(x) == truth_.Category(y) && truth_.Category(x) != "日系") best = kSameCategory;
      }
    }
    return truth_.IsBlockbuster(keyword) ? kBlockbuster : best;
  }

  // Lists of hub queries and of queries without a topic are counted, not judged.
  void Add(const RelatedList& list, double searches) {
    const std::vector<uint32_t> topics = truth_.TopicsOf(list.display);
    if (topics.empty() || topics[0] == truth_.hub_topic()) {
      ++(topics.empty() ? lists_without_topic : lists_of_hubs);
      return;
    }
    Example example{list.display, searches, 0, {}};
    bool hub = false;
    for (size_t i = 0; i < list.candidates.size(); ++i) {
      const std::string& keyword = list.candidates[i].keyword;
      const Belonging belonging = Judge(list.display, keyword);
      stored.slots[belonging] += 1;
      stored_by_searches.slots[belonging] += searches;
      if (i >= kShown) continue;
      shown.slots[belonging] += 1;
      shown_by_searches.slots[belonging] += searches;
      ++slots_of_keyword_[keyword];
      hub |= belonging == kHub;
      example.bad += belonging > kRelatedTopic;
      absl::StrAppend(&example.text, i > 0 ? ", " : "", keyword,
                      belonging > kRelatedTopic ? absl::StrCat(" [", kBelongingNames[belonging], "]") : "");
    }
    shown.lists += 1, shown_by_searches.lists += searches;
    shown.lists_with_hub += hub, shown_by_searches.lists_with_hub += hub * searches;
    if (example.bad > 0) examples_.push_back(std::move(example));
  }

  // The keywords that most lists show, with their shares of all slots shown; most first.
  std::vector<std::pair<std::string, double>> MostShown(size_t limit) const {
    std::vector<std::pair<std::string, double>> most(slots_of_keyword_.begin(), slots_of_keyword_.end());
    double all = 0;
    for (const auto& [keyword, slots] : most) all += slots;
    std::stable_sort(most.begin(), most.end(), [](const auto& x, const auto& y) { return x.second > y.second; });
    most.resize(std::min(limit, most.size()));
    for (auto& [keyword, slots] : most) slots /= all;
    return most;
  }

  std::string Table() const {
    std::string table = absl::StrFormat("%-28s", "share of slots");
    for (const absl::string_view name : kBelongingNames) absl::StrAppendFormat(&table, "%12s", name);
    absl::StrAppendFormat(&table, "%10s\n", "purity");
    const auto line = [&](absl::string_view name, const PurityTally& tally) {
      absl::StrAppendFormat(&table, "%-28s", name);
      for (int i = 0; i < kBelongings; ++i) absl::StrAppendFormat(&table, "%12.4f", tally.Share(Belonging(i)));
      absl::StrAppendFormat(&table, "%10.4f\n", tally.Purity());
    };
    line("first 8", shown);
    line("first 8, by searches", shown_by_searches);
    line("all stored", stored);
    line("all stored, by searches", stored_by_searches);
    absl::StrAppendFormat(&table, "lists with a hub query among the first 8: %.4f; by searches: %.4f\n",
                          shown.lists_with_hub / shown.lists,
                          shown_by_searches.lists_with_hub / shown_by_searches.lists);
    absl::StrAppendFormat(&table, "lists judged: %.0f; of hub queries: %d; of queries without a topic: %d\n",
                          shown.lists, lists_of_hubs, lists_without_topic);
    double most = 0;
    std::string names;
    for (const auto& [keyword, share] : MostShown(10)) {
      most += share;
      absl::StrAppendFormat(&names, " %s %.4f", keyword, share);
    }
    absl::StrAppendFormat(&table, "ten most shown keywords: %.4f of the first 8 slots:%s\n", most, names);
    return table;
  }

  // The lists that show most people what does not belong.
  std::string Worst(size_t limit) const {
    std::vector<Example> worst = examples_;
    std::stable_sort(worst.begin(), worst.end(),
                     [](const Example& x, const Example& y) { return x.searches * x.bad > y.searches * y.bad; });
    std::string text;
    for (size_t i = 0; i < std::min(limit, worst.size()); ++i) {
      absl::StrAppendFormat(&text, "%s (%.0f): %s\n", worst[i].source, worst[i].searches, worst[i].text);
    }
    return text;
  }

  PurityTally shown, shown_by_searches, stored, stored_by_searches;
  int lists_of_hubs = 0, lists_without_topic = 0;

 private:
  struct Example {
    std::string source;
    double searches;
    int bad;
    std::string text;
  };

  const SampleTruth& truth_;
  std::map<std::string, double> slots_of_keyword_;
  std::vector<Example> examples_;
};

}  // namespace kindred::testing
