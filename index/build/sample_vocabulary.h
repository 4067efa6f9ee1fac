// What the shoppers of the sample log know: the topics of a price-comparison shop's two markets and the words around
// them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kindred {

// Japan is the smaller one. It sells what Taiwan imports from it, and a few things that both call alike ("switch",
// "ps5") and that stand among other queries in each.
enum class SampleMarket : uint8_t { kTaiwan, kJapan };
inline constexpr SampleMarket kSampleMarkets[] = {SampleMarket::kTaiwan, SampleMarket::kJapan};
absl::string_view SampleMarketName(SampleMarket market);  // As the log names it: "tw", "jp".

// One topic as its shoppers name it; index/build/sample_vocabulary.cc explains each list and holds them all.
struct SampleTopic {
  std::string category;
  std::vector<std::string> heads;        // First: the usual name.
  std::vector<std::string> respellings;  // Of heads[0]: other characters, homophones, typing errors.
  std::vector<std::string> brands;
  std::vector<std::vector<std::string>> models;  // Each: one product under its names, the usual one first.
  std::vector<std::string> modifiers;
  std::vector<std::string> complements;
};

// Words of one kind that go with every topic of a category, or of all categories ("*").
struct SampleAttributes {
  std::string category;
  std::string kind;  // A query takes at most one word of a kind.
  std::vector<std::string> words;
};

// In the order of the file, always the same.
std::vector<SampleTopic> SampleTopics(SampleMarket market);
std::vector<SampleAttributes> SampleAttributesOfCategories();
// Queries that go with everything and tell nothing: "免運", "特價".
std::vector<std::string> SampleHubQueries(SampleMarket market);
// Usual queries of topics that people search beside everything: "xbox", "iphone 16".
std::vector<std::string> SampleBlockbusters(SampleMarket market);

}  // namespace kindred
