// A report of two methods and two trials, for tests of what is made of reports.
#pragma once

#include <optional>
#include <string>

#include "index/evaluate/evaluation_report.h"

namespace kindred::testing {

inline EvaluationReport SmallReport() {
  EvaluationReport report;
  RankingMetrics ours, theirs, unseen;
  ours.AddTrial(1, true);
  ours.AddTrial(std::nullopt, true);
  theirs.AddTrial(std::nullopt, true);
  theirs.AddTrial(std::nullopt, true);
  unseen.AddTrial(std::nullopt, false);
  PairedRanks difference;
  difference.AddTrial(1, std::nullopt);
  difference.AddTrial(std::nullopt, std::nullopt);
  report.cuts.push_back({.from = "2026-01-01",
                         .to = "2026-01-08",
                         .train_rows = 9,
                         .pairs = 2,
                         .asked_pairs = 2,
                         .unseen_pairs = 1,
                         .min_users = 2,
                         .index = {{"lists", 3}},
                         .methods = {ours, theirs}});
  report.methods = {{"kindred", ours, unseen}, {"popularity", theirs, unseen}};
  for (const char* name : {"all", "unseen"}) {
    ListQuality lists;
    lists.lists = 4;
    lists.no_evidence = 1;
    lists.keywords = {7, 8};
    report.slices.push_back({name == std::string("all") ? "all" : "source", name, {ours, theirs}, {difference}, lists});
  }
  report.floors = {{"min_users", 2, ours}};
  report.context = {{.method = "the list alone", .metrics = ours}};
  report.examples = {{"tent", 5, {{"stove", 2}, {"lamp", 0}}}};
  report.log = {{"rows", 9}};
  report.parameters = {{"min_users", "auto"}};
  return report;
}

}  // namespace kindred::testing
