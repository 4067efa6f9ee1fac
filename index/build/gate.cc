#include "index/build/gate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "common/status_macros.h"
#include "index/evaluate/evaluator.h"
#include "index/store/size_check.h"

namespace kindred {
namespace {

using index::v1::ComparedFigure;
using index::v1::Comparison;
using index::v1::HeldOutTrial;
using index::v1::IndexInfo;
using index::v1::QualityFigure;

// Of the active log's time before the cut, how much a new log may lack and still give an index to compare.
constexpr double kMissingStart = .2;

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// The share of searches that follow another one in a session, and its standard error.
std::pair<double, double> FollowUps(const IndexInfo& info) {
  uint64_t searches = 0, sessions = 0;
  for (const index::v1::MarketInfo& market : info.markets()) {
    searches += market.searches();
    sessions += market.sessions();
  }
  const double share = Share(searches - sessions, searches);
  return {share, std::sqrt(share * (1 - share) / static_cast<double>(std::max<uint64_t>(searches, 1)))};
}

// "33330 events to 2025-09-29".
std::string Extent(const IndexInfo& info) {
  return absl::StrCat(
      info.log().events(), " events to ",
      absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(info.log().last_event_ms()), absl::UTCTimeZone()));
}

const QualityFigure* FindQuality(const IndexInfo& info, absl::string_view name) {
  for (const QualityFigure& figure : info.quality()) {
    if (absl::string_view(figure.name()) == name) return &figure;
  }
  return nullptr;
}

class Judge {
 public:
  Judge(const IndexInfo& active, const IndexInfo& fresh) : active_(active), fresh_(fresh) {
    comparison_.set_version(active.version());
  }

  void CompareSizes() {
    const auto before = static_cast<double>(CountLists(active_)), after = static_cast<double>(CountLists(fresh_));
    Add("queries", before, after, 0);
    if (after < before * (1 - kGateShrink)) {
      Object(absl::StrFormat("it knows %.0f queries, of %s, where version %d knows %.0f, of %s", after, Extent(fresh_),
                             active_.version(), before, Extent(active_)));
    }
  }

  // Other sessions each, so that the errors add up.
  void CompareOwnQuality() {
    for (const char* name : {"hit@10", "mrr@10"}) {
      const QualityFigure* before = FindQuality(active_, name);
      const QualityFigure* after = FindQuality(fresh_, name);
      if (before == nullptr || after == nullptr) continue;
      const double error = std::hypot(before->standard_error(), after->standard_error());
      Add(absl::StrCat(name, " at build"), before->value(), after->value(), error);
      if (IsWorse(before->value(), after->value(), error, kGateOwnLoss, kGateOwnErrors)) {
        Object(
            absl::StrFormat("%s on the last sessions of its own log is %.3f, on those of version %d's it was %.3f: "
                            "the newest rows may be spoiled",
                            name, after->value(), active_.version(), before->value()));
      }
    }
  }

  void CompareSessions() {
    const auto [before, before_error] = FollowUps(active_);
    const auto [after, after_error] = FollowUps(fresh_);
    const double error = std::hypot(before_error, after_error);
    Add("follow-ups", before, after, error);
    if (IsWorse(before, after, error, kGateFollowUps)) {
      Object(
          absl::StrFormat("%.1f%% of its log's searches follow another one in a session, of version %d's %.1f%%: "
                          "users or times may be mixed up",
                          after * 100, active_.version(), before * 100));
    }
  }

  void CompareAnswers(const AskedBoth& asked) {
    const std::vector<bool> all(asked.known.size(), true);
    for (const bool both : {true, false}) {
      if (!both && asked.known == all) break;  // The same again.
      const std::vector<bool>& counts = both ? asked.known : all;
      const char* const which = both ? "" : ", all pairs";
      const double loss = both ? kGateLoss : kGateAllLoss;
      Judged({absl::StrCat("hit@10", which), loss}, asked, counts, [](double rank) { return rank > 0 ? 1.0 : 0.0; });
      Judged({absl::StrCat("mrr@10", which), loss}, asked, counts,
             [](double rank) { return rank > 0 ? 1 / rank : 0.0; });
    }
    const auto trials = static_cast<uint64_t>(asked.before.trials_size());
    const double covered = Share(asked.before.answered(), trials), covers = Share(asked.after.answered(), trials);
    Add("coverage", covered, covers, 0);
    if (covers < covered * (1 - kGateShrink)) {
      Object(absl::StrFormat("it answers %.1f%% of the %d queries asked, version %d answered %.1f%%%s", covers * 100,
                             trials, active_.version(), covered * 100, OtherMarkets()));
    }
    const double bare = Share(asked.before.keywords_without_evidence(), asked.before.keywords());
    const double barer = Share(asked.after.keywords_without_evidence(), asked.after.keywords());
    Add("without evidence", bare, barer, 0);
    if (barer > bare + kGateNoEvidence) {
      Object(absl::StrFormat("%.1f%% of its keywords have no evidence, of version %d's %.1f%%", barer * 100,
                             active_.version(), bare * 100));
    }
  }

  // Queries of a market that got another name, or lost its, are all unknown.
  std::string OtherMarkets() const {
    const auto names = [](const IndexInfo& info) {
      return absl::StrJoin(info.markets(), ", ", [](std::string* out, const index::v1::MarketInfo& market) {
        absl::StrAppend(out, "\"", market.name(), "\"");
      });
    };
    const std::string before = names(active_), after = names(fresh_);
    return before == after ? "" : absl::StrCat(": the markets were ", before, " and are ", after);
  }

  void Note(absl::string_view note) { comparison_.set_note(std::string(note)); }
  Comparison Take() { return std::move(comparison_); }

 private:
  static bool IsWorse(double before, double after, double error, double loss, double errors = kGateErrors) {
    return before - after > std::max(errors * error, loss * before);
  }

  struct Test {
    std::string name;
    double loss;  // As IsWorse() takes it.
  };

  // Differences trial by trial, of those that count. Trials of one source are no independent ones: each source's are
  // summed before their spread is taken (Cameron and Miller, A Practitioner's Guide to Cluster-Robust Inference, 2015).
  template <typename Gain>
  void Judged(const Test& test, const AskedBoth& asked, const std::vector<bool>& counts, Gain gain) {
    const auto trials = static_cast<double>(std::count(counts.begin(), counts.end(), true));
    if (trials == 0) return;
    double before = 0, after = 0;
    std::map<std::pair<absl::string_view, absl::string_view>, std::vector<double>> sources;
    for (int i = 0; i < asked.before.trials_size(); ++i) {
      if (!counts[static_cast<size_t>(i)]) continue;
      const HeldOutTrial& trial = asked.before.trials(i);
      const double was = gain(trial.rank()), is = gain(asked.after.trials(i).rank());
      before += was / trials;
      after += is / trials;
      sources[{trial.market(), trial.source()}].push_back(is - was);
    }
    double squares = 0;
    for (const auto& [source, differences] : sources) {
      double sum = 0;
      for (const double difference : differences) sum += difference - (after - before);
      squares += sum * sum;
    }
    const double error = std::sqrt(squares) / trials;
    Add(test.name, before, after, error);
    if (!asked.ranks_count || !IsWorse(before, after, error, test.loss + kGateMissingLoss * asked.missing)) return;
    Object(
        absl::StrFormat("asked the same %.0f held-out pairs, its %s is %.3f where version %d's was %.3f: %.3f worse, "
                        "standard error %.3f",
                        trials, test.name, after, active_.version(), before, before - after, error));
  }

  void Add(absl::string_view name, double before, double after, double error) {
    ComparedFigure& figure = *comparison_.add_figures();
    figure.set_name(std::string(name));
    figure.set_before(before);
    figure.set_after(after);
    figure.set_standard_error(error);
  }

  void Object(const std::string& why) { comparison_.add_objections(why); }

  const IndexInfo& active_;
  const IndexInfo& fresh_;
  Comparison comparison_;
};

}  // namespace

int64_t GateCutMs(const LoadedLog& log, const IndexInfo* active) {
  const int64_t latest = absl::ToUnixMillis(TimeQuantile(log.markets, kGateTrainingShare));
  if (active == nullptr || active->held_out().trials().empty()) return latest;
  const int64_t cut = active->held_out().cut_ms();
  const int64_t earliest = absl::ToUnixMillis(TimeQuantile(log.markets, kGateLeastTrainingShare));
  return cut >= earliest && cut <= latest ? cut : latest;
}

absl::StatusOr<AskedBoth> AskBoth(const IndexInfo& active, const LoadedLog& log, const TrialOptions& options,
                                  std::unique_ptr<const IndexBefore> index) {
  AskedBoth asked;
  asked.before = active.held_out();
  const int64_t cut = asked.before.cut_ms();
  const auto span = static_cast<double>(cut - active.log().first_event_ms());
  int64_t until = cut;
  const auto lacks = static_cast<double>(log.first_event_ms - active.log().first_event_ms());
  asked.missing = span > 0 ? std::max(0., lacks / span) : 0;
  if (asked.missing > kMissingStart) {
    until = INT64_MAX;
    asked.ranks_count = false;
    asked.note = absl::StrCat("the log begins so long after version ", active.version(),
                              "'s that an index of all of it was asked, which holds the answers: of the held-out pairs "
                              "only whether they are answered counts");
  }
  if (index->cut_ms() != until) {
    index.reset();
    ASSIGN_OR_RETURN(index, IndexBefore::Build(log.markets, until, options));
  }
  ASSIGN_OR_RETURN(AskedAgain again, index->AskAgain(asked.before));
  asked.after = std::move(again.answers);
  asked.known = std::move(again.known);
  return asked;
}

Comparison Compare(const IndexInfo& active, const IndexInfo& fresh, const std::optional<AskedBoth>& asked) {
  Judge judge(active, fresh);
  if (asked.has_value()) {
    judge.CompareAnswers(*asked);
    judge.Note(asked->note);
  } else {
    judge.Note(absl::StrCat("no sessions were asked: version ", active.version(), " keeps none, or --measure=false"));
  }
  judge.CompareSizes();
  judge.CompareSessions();
  judge.CompareOwnQuality();
  return judge.Take();
}

std::string FormatComparison(const Comparison& comparison) {
  std::string text = absl::StrFormat("compared with version %d, then active%17s %10s %10s\n", comparison.version(),
                                     "before", "after", "difference");
  for (const ComparedFigure& figure : comparison.figures()) {
    const bool count = figure.name() == "queries";
    const int digits = count ? 0 : 4;
    absl::StrAppendFormat(&text, "  %-42s %10.*f %10.*f %+10.*f", figure.name(), digits, figure.before(), digits,
                          figure.after(), digits, figure.after() - figure.before());
    if (figure.standard_error() > 0) absl::StrAppendFormat(&text, " ±%.4f", figure.standard_error());
    text += "\n";
  }
  if (!comparison.note().empty()) absl::StrAppend(&text, "  note: ", comparison.note(), "\n");
  for (const std::string& objection : comparison.objections()) absl::StrAppend(&text, "  worse: ", objection, "\n");
  return text;
}

std::string FormatRefusal(const Comparison& comparison, uint64_t version, const std::string& index_dir) {
  const std::string list = absl::StrCat("kindred-index list --index ", index_dir, " ", version);
  const int more = comparison.objections_size() - 1;
  return absl::StrCat(
      "version ", version, " is kept but not published, because ", comparison.objections(0),
      more == 0 ? "" : absl::StrCat(", and for ", more, more == 1 ? " more reason" : " more reasons", " (", list, ")"),
      ". Version ", comparison.version(),
      " goes on being served. If the log is at fault, mend it and build again; if the change is wanted, "
      "run kindred-index publish --index ",
      index_dir, " ", version, ", or build with --force");
}

std::string SizeNote(const IndexRoot& root, const IndexInfo& next, const IndexInfo& before) {
  const absl::Status status = CheckSize(root, next, before, kDefaultMinSizeRatio);
  return status.ok()
             ? ""
             : absl::StrCat("servers will refuse it, unless you gave them another ratio: ", status.message(), "\n");
}

}  // namespace kindred
