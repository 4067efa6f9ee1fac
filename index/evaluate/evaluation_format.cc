#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "index/evaluate/evaluation_report.h"

namespace kindred {
namespace {

std::string FigureText(const Figure& figure) {
  return absl::StrFormat("  %.4f ±%.4f", figure.value, figure.standard_error);
}

std::string DifferenceText(const Figure& figure) {
  return absl::StrFormat("  %+.4f ±%.4f", figure.value, figure.standard_error);
}

std::string MethodRow(const std::string& name, const RankingMetrics& metrics) {
  return absl::StrCat(absl::StrFormat("%-33s", name), FigureText(metrics.HitAt(1)), FigureText(metrics.HitAt(5)),
                      FigureText(metrics.HitAt(10)), FigureText(metrics.MrrAt(10)), FigureText(metrics.NdcgAt(10)),
                      FigureText(metrics.Coverage()), "\n");
}

std::string MethodSection(const char* title, const EvaluationReport& report, RankingMetrics MethodQuality::*metrics) {
  const uint64_t trials = (report.methods.front().*metrics).trials();
  if (trials == 0) return "";
  std::string text = absl::StrFormat("%-33s", absl::StrFormat("%s (%d pairs)", title, trials));
  for (const char* name : {"hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10", "coverage"}) {
    absl::StrAppendFormat(&text, "  %-14s", name);
  }
  text += "\n";
  for (const MethodQuality& method : report.methods) text += MethodRow(method.method, method.*metrics);
  return text + "\n";
}

std::string DifferenceSection(const EvaluationReport& report) {
  std::string text = absl::StrFormat("%-33s  %-15s  %-15s\n", "kindred beats, pair by pair", "hit@10", "mrr@10");
  const SliceQuality& all = report.slices.front();
  for (size_t i = 0; i < all.differences.size(); ++i) {
    absl::StrAppend(&text, absl::StrFormat("%-33s", report.methods[i + 1].method),
                    DifferenceText(all.differences[i].HitDifferenceAt(10)),
                    DifferenceText(all.differences[i].MrrDifferenceAt(10)), "\n");
  }
  return text + "\n";
}

std::string SliceRow(const SliceQuality& slice, size_t rival) {
  const ListQuality& lists = slice.lists;
  const auto share = [](const Figure& figure) {
    return absl::StrFormat("  %.3f ±%.3f", figure.value, figure.standard_error);
  };
  const RankingMetrics& metrics = slice.methods.front();
  return absl::StrCat(
      absl::StrFormat("%-10s %-16s %8d", slice.kind == "all" ? "" : slice.kind, slice.name, metrics.trials()),
      FigureText(metrics.HitAt(10)), DifferenceText(slice.differences[rival].HitDifferenceAt(10)),
      FigureText(metrics.MrrAt(10)), share(metrics.Coverage()), absl::StrFormat("  %8d", lists.keywords.size()),
      share(ShareOf(lists.respelling, lists.lists)), share(ShareOf(lists.alias, lists.lists)),
      share(ShareOf(lists.no_evidence, lists.lists)), "\n");
}

}  // namespace

size_t StrongestBaseline(const EvaluationReport& report) {
  size_t best = 0;
  for (size_t i = 1; i + 1 < report.methods.size(); ++i) {
    if (report.methods[i + 1].all.HitAt(10).value > report.methods[best + 1].all.HitAt(10).value) best = i;
  }
  return best;
}

std::string FormatTable(const EvaluationReport& report) {
  std::string text;
  for (const EvaluationReport::Cut& cut : report.cuts) {
    const std::string asked = cut.asked_pairs == cut.pairs ? "" : absl::StrCat(cut.asked_pairs, " asked, ");
    absl::StrAppendFormat(&text,
                          "cut %s to %s: %d rows before, %d pairs after (%s%d of unseen queries), min_users %d%s\n",
                          cut.from, cut.to, cut.train_rows, cut.pairs, asked, cut.unseen_pairs, cut.min_users,
                          cut.weights_learned ? ", weights learned" : "");
  }
  absl::StrAppend(&text, "\n", MethodSection("all", report, &MethodQuality::all),
                  MethodSection("unseen queries", report, &MethodQuality::unseen));
  if (!report.slices.empty()) text += DifferenceSection(report);
  return text + "± one standard error; coverage: share of queries that get any keyword.\n";
}

std::string FormatSlices(const EvaluationReport& report) {
  if (report.slices.empty()) return "";
  const size_t rival = StrongestBaseline(report);
  std::string text =
      absl::StrFormat("%-10s %-16s %8s  %-14s  %-15s  %-14s  %-12s  %8s  %-12s  %-12s  %-12s\n", "slice", "", "pairs",
                      "hit@10", "ahead", "mrr@10", "coverage", "keywords", "respelling", "alias", "no evidence");
  for (const SliceQuality& slice : report.slices) text += SliceRow(slice, rival);
  absl::StrAppend(&text, "ahead: hit@10 over \"", report.methods[rival + 1].method,
                  "\"; keywords: distinct ones shown; respelling, alias, no evidence: share of lists that hold one:\na "
                  "respelling of the query or of another keyword, a name of the query's products, a keyword with "
                  "nothing but popularity behind it.\n");
  return text;
}

std::string FormatContext(const EvaluationReport& report) {
  if (report.context.empty()) return "";
  std::string text = absl::StrFormat("%-28s %8s  %-14s  %-15s  %-14s  %-15s\n", "with an earlier query", "pairs",
                                     "hit@10", "beside alone", "mrr@10", "beside alone");
  for (const ContextQuality& method : report.context) {
    const Figure hit = method.metrics.HitAt(10), mrr = method.metrics.MrrAt(10);
    const Figure hit_ahead = method.difference.HitDifferenceAt(10), mrr_ahead = method.difference.MrrDifferenceAt(10);
    absl::StrAppendFormat(&text, "%-28s %8d  %.4f ±%.4f  %+.4f ±%.4f  %.4f ±%.4f  %+.4f ±%.4f\n", method.method,
                          method.metrics.trials(), hit.value, hit.standard_error, hit_ahead.value,
                          hit_ahead.standard_error, mrr.value, mrr.standard_error, mrr_ahead.value,
                          mrr_ahead.standard_error);
  }
  return text + "filled, mixed: by the list of the query before.\n";
}

std::string Headline(const EvaluationReport& report) {
  return absl::StrFormat("For %.0f of 100 searches that another one followed, the ten keywords held the next one.",
                         100 * report.methods.front().all.HitAt(10).value);
}

std::string Verdict(const EvaluationReport& report) {
  const size_t rival = StrongestBaseline(report);
  const Figure ahead = report.slices.front().differences[rival].HitDifferenceAt(10);
  const std::string difference = absl::StrFormat("%+.1f ± %.1f of 100", 100 * ahead.value, 100 * ahead.standard_error);
  const std::string& name = report.methods[rival + 1].method;
  if (ahead.value > 2 * ahead.standard_error) {
    return absl::StrCat("The strongest simple method (", name, ") serves fewer, and not by chance: ", difference, ".");
  }
  if (-ahead.value > 2 * ahead.standard_error) {
    return absl::StrCat("A simple method (", name, ") serves more, and not by chance: ", difference,
                        ". Do not publish such an index.");
  }
  return absl::StrCat("The strongest simple method (", name, ") serves about as many: ", difference, " may be chance.");
}

}  // namespace kindred
