#include "index/build/history_format.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace kindred {
namespace {

using index::v1::IndexInfo;
using index::v1::Measurement;
using index::v1::QualityFigure;

constexpr double kWorthARebuild = .05;  // Share of hit@10 lost. Chosen, not measured.
constexpr int kBarColumns = 40;

// A figure by name, or zeros.
template <typename Holder>
QualityFigure QualityOf(const Holder& holder, absl::string_view name) {
  for (const QualityFigure& figure : holder.quality()) {
    if (absl::string_view(figure.name()) == name) return figure;
  }
  return {};
}

std::string Date(int64_t ms) { return absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(ms), absl::UTCTimeZone()); }

// Standard errors of shares of few trials may come out as 0; no trial is worth more than its own doubt.
double Weight(const Measurement& measurement) {
  const double error =
      std::max(QualityOf(measurement, "hit@10").standard_error(), .5 / static_cast<double>(measurement.trials() + 1));
  return 1 / (error * error);
}

std::string Bar(double value, double full) {
  return std::string(static_cast<size_t>(std::lround(kBarColumns * std::min(1.0, value / full))), '#');
}

std::string Compared(const IndexInfo& info, bool published) {
  if (!info.has_comparison()) return "-";
  const uint64_t other = info.comparison().version();
  if (info.comparison().objections().empty()) return absl::StrCat("holds beside ", other);
  return absl::StrCat("worse than ", other, published ? ", published all the same" : "");
}

}  // namespace

std::optional<Decay> FitDecay(const std::vector<Measurement>& measurements) {
  struct Sums {
    double weight = 0, age = 0, value = 0;
  };
  std::map<uint64_t, Sums> versions;
  for (const Measurement& m : measurements) {
    if (!m.has_age_days()) continue;
    const double weight = Weight(m);
    Sums& sums = versions[m.version()];
    sums.weight += weight;
    sums.age += weight * m.age_days();
    sums.value += weight * QualityOf(m, "hit@10").value();
  }
  // Both taken from their version's mean, so that a better version is not taken for a younger one.
  double age_age = 0, age_value = 0;
  Decay decay;
  for (const Measurement& m : measurements) {
    if (!m.has_age_days()) continue;
    const Sums& sums = versions[m.version()];
    const double age = m.age_days() - sums.age / sums.weight;
    age_age += Weight(m) * age * age;
    age_value += Weight(m) * age * (QualityOf(m, "hit@10").value() - sums.value / sums.weight);
    decay.max_days = std::max(decay.max_days, m.age_days());
  }
  if (age_age <= 0) return std::nullopt;
  decay.per_day = age_value / age_age;
  decay.standard_error = 1 / std::sqrt(age_age);
  for (const auto& [version, sums] : versions) {
    decay.start += (sums.value - decay.per_day * sums.age) / sums.weight / static_cast<double>(versions.size());
  }
  return decay;
}

std::string DecayAdvice(const std::optional<Decay>& decay) {
  if (!decay.has_value()) {
    return "Measure a version on later logs (kindred-index evaluate --index DIR VERSION --input LOG) to see how it "
           "ages.";
  }
  const std::string slope = absl::StrFormat("%+.4f ±%.4f", decay->per_day * 7, decay->standard_error * 7);
  if (decay->per_day > -2 * decay->standard_error) {
    return absl::StrFormat(
        "hit@10 changes by %s a week: no loss beyond its error up to %.0f days. Rebuild for new "
        "products and queries, not for this.",
        slope, decay->max_days);
  }
  return absl::StrFormat(
      "hit@10 changes by %s a week: a twentieth is lost after %.0f days. Rebuild at least that "
      "often.",
      slope, std::max(1.0, kWorthARebuild * decay->start / -decay->per_day));
}

std::string FormatMeasurements(const std::vector<Measurement>& measurements) {
  double best = 0;
  for (const Measurement& m : measurements) best = std::max(best, QualityOf(m, "hit@10").value());
  std::string text = absl::StrFormat("%-8s %8s  %-10s  %7s  %-14s %-14s %8s\n", "VERSION", "AGE DAYS", "FROM", "PAIRS",
                                     "HIT@10", "MRR@10", "COVERAGE");
  for (const Measurement& m : measurements) {
    const QualityFigure hit = QualityOf(m, "hit@10"), mrr = QualityOf(m, "mrr@10");
    absl::StrAppendFormat(&text, "%-8d %8s  %-10s  %7d  %.3f ±%.3f   %.3f ±%.3f   %8.3f  %s\n", m.version(),
                          m.has_age_days() ? absl::StrFormat("%.1f", m.age_days()) : "trained", Date(m.from_ms()),
                          m.trials(), hit.value(), hit.standard_error(), mrr.value(), mrr.standard_error(),
                          QualityOf(m, "coverage").value(), Bar(hit.value(), best > 0 ? best : 1));
  }
  return text;
}

std::string FormatHistory(const std::vector<IndexInfo>& versions, const std::vector<IndexVersion>& published,
                          const std::vector<Measurement>& measurements) {
  std::string text = absl::StrFormat("%-8s %-7s %-10s  %-10s  %-14s %-14s %8s  %s\n", "VERSION", "", "BUILT", "LOG TO",
                                     "HIT@10", "MRR@10", "COVERAGE", "COMPARED");
  for (const IndexInfo& info : versions) {
    const QualityFigure hit = QualityOf(info, "hit@10"), mrr = QualityOf(info, "mrr@10");
    const std::string figures =
        info.quality().empty()
            ? absl::StrFormat("%-38s", "not measured")
            : absl::StrFormat("%.3f ±%.3f   %.3f ±%.3f   %8.3f", hit.value(), hit.standard_error(), mrr.value(),
                              mrr.standard_error(), QualityOf(info, "coverage").value());
    const bool active = !published.empty() && info.version() == published.front();
    absl::StrAppendFormat(&text, "%-8d %-7s %-10s  %-10s  %s  %s\n", info.version(), active ? "active" : "",
                          Date(info.built_at_ms()), Date(info.log().last_event_ms()), figures,
                          Compared(info, absl::c_linear_search(published, info.version())));
  }
  std::vector<Measurement> later = measurements;
  absl::c_stable_sort(later, [](const Measurement& x, const Measurement& y) {
    return std::make_pair(x.version(), x.age_days()) < std::make_pair(y.version(), y.age_days());
  });
  const auto end_of_later =
      std::stable_partition(later.begin(), later.end(), [](const Measurement& m) { return m.has_age_days(); });
  const std::vector<Measurement> known(end_of_later, later.end());
  later.erase(end_of_later, later.end());
  if (!later.empty()) {
    absl::StrAppend(&text, "\nOn logs that came later, by age (the bar: hit@10)\n", FormatMeasurements(later));
  }
  if (!known.empty()) {
    absl::StrAppend(&text, "\nOn logs with nothing later: the version knew these sessions, or does not tell\n",
                    FormatMeasurements(known));
  }
  absl::StrAppend(&text, "\n", DecayAdvice(FitDecay(measurements)), "\n");
  return text;
}

}  // namespace kindred
