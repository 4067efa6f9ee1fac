#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "index/evaluate/evaluator.h"

namespace kindred {
namespace {

struct NamedFigure {
  const char* name;
  Figure figure;
};

std::vector<NamedFigure> FiguresOf(const RankingMetrics& metrics) {
  return {{"hit@1", metrics.HitAt(1)},   {"hit@5", metrics.HitAt(5)},     {"hit@10", metrics.HitAt(10)},
          {"mrr@10", metrics.MrrAt(10)}, {"ndcg@10", metrics.NdcgAt(10)}, {"coverage", metrics.Coverage()}};
}

std::string Row(const std::string& name, const RankingMetrics& metrics) {
  std::string row = absl::StrFormat("%-38s", name);
  for (const NamedFigure& named : FiguresOf(metrics)) {
    absl::StrAppendFormat(&row, "  %.4f ±%.4f", named.figure.value, named.figure.standard_error);
  }
  return row + "\n";
}

std::string Section(const char* title, size_t trials, const EvaluationReport& report,
                    RankingMetrics MethodQuality::*metrics) {
  std::string text = absl::StrFormat("%-38s", absl::StrFormat("%s (%d pairs)", title, trials));
  for (const NamedFigure& named : FiguresOf(RankingMetrics())) absl::StrAppendFormat(&text, "  %-14s", named.name);
  text += "\n";
  for (const MethodQuality& method : report.methods) text += Row(method.method, method.*metrics);
  return text;
}

std::string JsonFigures(const RankingMetrics& metrics) {
  std::vector<std::string> members = {absl::StrCat("\"pairs\": ", metrics.trials())};
  for (const NamedFigure& named : FiguresOf(metrics)) {
    members.push_back(absl::StrFormat("\"%s\": {\"value\": %.6f, \"standard_error\": %.6f}", named.name,
                                      named.figure.value, named.figure.standard_error));
  }
  return absl::StrCat("{", absl::StrJoin(members, ", "), "}");
}

}  // namespace

std::string FormatTable(const EvaluationReport& report) {
  std::string text;
  for (const EvaluationReport::Cut& cut : report.cuts) {
    absl::StrAppendFormat(&text, "cut %s to %s: %d rows before, %d pairs after (%d of unseen queries), min_users %d\n",
                          cut.from, cut.to, cut.train_rows, cut.pairs, cut.unseen_pairs, cut.min_users);
  }
  text += "\n";
  const MethodQuality& first = report.methods.front();
  text += Section("all", first.all.trials(), report, &MethodQuality::all);
  text += "\n";
  text += Section("unseen queries", first.unseen.trials(), report, &MethodQuality::unseen);
  text += "\n± one standard error; coverage: share of queries that get any keyword.\n";
  return text;
}

std::string FormatJson(const EvaluationReport& report) {
  std::vector<std::string> cuts, methods;
  for (const EvaluationReport::Cut& cut : report.cuts) {
    cuts.push_back(
        absl::StrFormat("{\"from\": \"%s\", \"to\": \"%s\", \"train_rows\": %d, \"pairs\": %d, "
                        "\"unseen_pairs\": %d, \"min_users\": %d}",
                        cut.from, cut.to, cut.train_rows, cut.pairs, cut.unseen_pairs, cut.min_users));
  }
  for (const MethodQuality& method : report.methods) {
    methods.push_back(absl::StrFormat("{\"method\": \"%s\", \"all\": %s, \"unseen\": %s}", method.method,
                                      JsonFigures(method.all), JsonFigures(method.unseen)));
  }
  return absl::StrCat("{\"cuts\": [", absl::StrJoin(cuts, ",\n  "), "],\n\"methods\": [",
                      absl::StrJoin(methods, ",\n  "), "]}\n");
}

}  // namespace kindred
