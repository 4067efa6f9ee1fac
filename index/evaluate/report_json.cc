#include "index/evaluate/report_json.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "index/text/code_points.h"

namespace kindred {
namespace {

// The members of one object or array, comma-separated.
class Members {
 public:
  void Add(absl::string_view name, const std::string& json) {
    members_.push_back(absl::StrCat(JsonString(name), ": ", json));
  }
  void Add(absl::string_view name, uint64_t count) { Add(name, absl::StrCat(count)); }
  void AddText(absl::string_view name, absl::string_view text) { Add(name, JsonString(text)); }
  std::string Object() const { return absl::StrCat("{", absl::StrJoin(members_, ", "), "}"); }

 private:
  std::vector<std::string> members_;
};

template <typename Range, typename ToJson>
std::string Array(const Range& range, ToJson to_json) {
  std::vector<std::string> elements;
  for (const auto& element : range) elements.push_back(to_json(element));
  return absl::StrCat("[", absl::StrJoin(elements, ",\n  "), "]");
}

std::string Json(const Figure& figure) {
  return absl::StrFormat("{\"value\": %.6f, \"standard_error\": %.6f}", figure.value, figure.standard_error);
}

std::string Json(const RankingMetrics& metrics) {
  Members members;
  members.Add("pairs", metrics.trials());
  members.Add("hit@1", Json(metrics.HitAt(1)));
  members.Add("hit@5", Json(metrics.HitAt(5)));
  members.Add("hit@10", Json(metrics.HitAt(10)));
  members.Add("mrr@10", Json(metrics.MrrAt(10)));
  members.Add("ndcg@10", Json(metrics.NdcgAt(10)));
  members.Add("coverage", Json(metrics.Coverage()));
  std::vector<uint64_t> ranks;
  for (uint32_t rank = 1; rank <= 10; ++rank) ranks.push_back(metrics.CountAt(rank));
  members.Add("ranks", absl::StrCat("[", absl::StrJoin(ranks, ", "), "]"));
  return members.Object();
}

std::string Json(const PairedRanks& ranks) {
  Members members;
  members.Add("hit@10", Json(ranks.HitDifferenceAt(10)));
  members.Add("mrr@10", Json(ranks.MrrDifferenceAt(10)));
  return members.Object();
}

std::string Json(const ListQuality& lists) {
  Members members;
  members.Add("lists", lists.lists);
  members.Add("distinct_keywords", lists.keywords.size());
  members.Add("respelling", Json(ShareOf(lists.respelling, lists.lists)));
  members.Add("alias", Json(ShareOf(lists.alias, lists.lists)));
  members.Add("no_evidence", Json(ShareOf(lists.no_evidence, lists.lists)));
  return members.Object();
}

std::string Json(const SliceQuality& slice) {
  Members members;
  members.AddText("kind", slice.kind);
  members.AddText("name", slice.name);
  members.Add("methods", Array(slice.methods, [](const RankingMetrics& metrics) { return Json(metrics); }));
  members.Add("differences", Array(slice.differences, [](const PairedRanks& ranks) { return Json(ranks); }));
  members.Add("lists", Json(slice.lists));
  return members.Object();
}

std::string Json(const std::vector<NamedCount>& counts) {
  Members members;
  for (const NamedCount& count : counts) members.Add(count.name, count.count);
  return members.Object();
}

std::string Json(const EvaluationReport::Cut& cut) {
  Members members;
  members.AddText("from", cut.from);
  members.AddText("to", cut.to);
  members.Add("train_rows", cut.train_rows);
  members.Add("pairs", cut.pairs);
  members.Add("asked_pairs", cut.asked_pairs);
  members.Add("unseen_pairs", cut.unseen_pairs);
  members.Add("min_users", cut.min_users);
  members.Add("weights_learned", cut.weights_learned);
  members.Add("index", Json(cut.index));
  members.Add("methods", Array(cut.methods, [](const RankingMetrics& metrics) { return Json(metrics); }));
  return members.Object();
}

std::string Json(const MethodQuality& method) {
  Members members;
  members.AddText("method", method.method);
  members.Add("all", Json(method.all));
  members.Add("unseen", Json(method.unseen));
  return members.Object();
}

std::string Json(const FloorCost& floor) {
  Members members;
  members.AddText("flag", floor.flag);
  members.Add("value", floor.value);
  members.Add("quality", Json(floor.metrics));
  return members.Object();
}

std::string Json(const ContextQuality& context) {
  Members members;
  members.AddText("method", context.method);
  members.Add("quality", Json(context.metrics));
  members.Add("difference", Json(context.difference));
  return members.Object();
}

std::string Json(const ExampleList& example) {
  Members members;
  members.AddText("query", example.query);
  members.Add("asked", example.asked);
  members.Add("keywords", Array(example.keywords, [](const auto& keyword) {
                return absl::StrCat("[", JsonString(keyword.first), ", ", keyword.second, "]");
              }));
  return members.Object();
}

}  // namespace

std::string JsonString(absl::string_view text) {
  std::string json = "\"";
  for (const char c : IsUtf8(text) ? std::string(text) : "\xEF\xBF\xBD") {
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x7F) {
      absl::StrAppendFormat(&json, "\\u%04x", c);
    } else {
      json += c;
    }
  }
  return json + "\"";
}

std::string FormatJson(const EvaluationReport& report) {
  Members members;
  const auto array = [](const auto& range) { return Array(range, [](const auto& element) { return Json(element); }); };
  if (!report.slices.empty()) {
    members.AddText("headline", Headline(report));
    members.AddText("verdict", Verdict(report));
  }
  members.Add("cuts", array(report.cuts));
  members.Add("methods", array(report.methods));
  members.Add("slices", array(report.slices));
  members.Add("floors", array(report.floors));
  members.Add("context", array(report.context));
  members.Add("examples", array(report.examples));
  members.Add("log", Json(report.log));
  Members parameters;
  for (const auto& [name, value] : report.parameters) parameters.AddText(name, value);
  members.Add("parameters", parameters.Object());
  return members.Object() + "\n";
}

}  // namespace kindred
