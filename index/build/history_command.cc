#include "index/build/history_command.h"

#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "index/build/history_format.h"
#include "index/build/history_page.h"
#include "index/build/load_log.h"
#include "index/build/log_flags.h"
#include "index/build/measurements.h"
#include "index/build/report_file.h"
#include "index/build/version_commands.h"
#include "index/store/index_info_file.h"
#include "index/store/index_reader.h"

namespace kindred {
namespace {

constexpr char kHistoryUsage[] =
    R"(history --index DIR [--report history.html]

Quality of each version at build and, where evaluate --index measured it, by its age; how often to rebuild. The report
is a page with plots of both.)";

absl::Status History(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  RETURN_IF_ERROR(CheckReportPath());
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  const IndexRoot root(dir);
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, SomeVersions(root));
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> published, root.ActiveStack());
  ASSIGN_OR_RETURN(const KeptMeasurements kept, ReadMeasurements(dir));
  if (kept.bad_lines > 0) std::cerr << dir << "/MEASUREMENTS: passed over " << kept.bad_lines << " bad lines\n";
  std::vector<index::v1::IndexInfo> infos;
  for (const IndexVersion version : versions) {
    absl::StatusOr<index::v1::IndexInfo> info = ReadIndexInfo(root.VersionPath(version));
    if (info.ok()) {
      infos.push_back(*std::move(info));
    } else {
      std::cerr << info.status().message() << '\n';
    }
  }
  std::cout << FormatHistory(infos, published, kept.measurements);
  if (ReportPath().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string page, FormatHistoryPage(infos, published, kept.measurements));
  return WriteReport(page, ReportPath());
}

// Of the same shop's searches an old index still answers most.
constexpr double kLeastAnswered = .1;

double AnsweredShare(const std::vector<index::v1::Measurement>& measurements) {
  double answered = 0, trials = 0;
  for (const index::v1::Measurement& measurement : measurements) {
    trials += static_cast<double>(measurement.trials());
    for (const index::v1::QualityFigure& figure : measurement.quality()) {
      if (figure.name() == "coverage") answered += figure.value() * static_cast<double>(measurement.trials());
    }
  }
  return answered / trials;
}

}  // namespace

absl::Status MeasureKeptVersion(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 1));
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const LogOptions log_options, LogOptionsWithFiles());
  ASSIGN_OR_RETURN(const MineOptions mine, MineOptionsFromFlags());
  const IndexRoot root(dir);
  ASSIGN_OR_RETURN(const IndexVersion version,
                   WantedVersion(root, arguments.empty() ? std::nullopt : std::make_optional(arguments[0])));
  // Nothing, before minutes of work: may it write there? Who may only read has the figures printed.
  const absl::Status keeps = AppendMeasurements(dir, {});
  if (!absl::IsPermissionDenied(keeps)) RETURN_IF_ERROR(keeps);
  ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Open(root.VersionPath(version), {}));
  const Recommender recommender(std::move(reader));
  Progress progress;
  ASSIGN_OR_RETURN(const Resources resources, ResourcesFromFlags());
  ASSIGN_OR_RETURN(const LoadedLog log, LoadLog(log_options, resources, progress));
  ASSIGN_OR_RETURN(std::vector<index::v1::Measurement> measurements, MeasureVersion(recommender, log, mine.history));
  for (index::v1::Measurement& measurement : measurements) {
    measurement.set_measured_at_ms(absl::ToUnixMillis(absl::Now()));
    for (const std::string& input : log_options.inputs) measurement.add_inputs(input);
  }
  std::cout << FormatMeasurements(measurements);
  if (const double share = AnsweredShare(measurements); share < kLeastAnswered) {
    return absl::InvalidArgumentError(
        absl::StrFormat("version %d answers %.1f%% of what this log's shoppers searched: is it another shop's, or in "
                        "another encoding? Its figures are not kept for history",
                        version, 100 * share));
  }
  if (!keeps.ok()) {
    std::cerr << "not kept for kindred-index history: " << keeps.message() << "\n";
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(AppendMeasurements(dir, measurements));
  if (!measurements.front().has_age_days()) {
    std::cout << "The log holds nothing later than what version " << version
              << " was built from: it knew these sessions, so this says nothing of its quality.\n";
  }
  return absl::OkStatus();
}

Command MakeHistoryCommand() { return {"history", kHistoryUsage, {"index", "report"}, History}; }

}  // namespace kindred
