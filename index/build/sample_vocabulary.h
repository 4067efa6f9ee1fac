// What the shoppers of the sample log know: the topics of a Taiwanese price-comparison shop and the words around them.
#pragma once

#include <string>
#include <vector>

namespace kindred {

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
std::vector<SampleTopic> SampleTopics();
std::vector<SampleAttributes> SampleAttributesOfCategories();
// Queries that go with everything and tell nothing: "免運", "特價".
std::vector<std::string> SampleHubQueries();

}  // namespace kindred
