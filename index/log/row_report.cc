#include "index/log/row_report.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace kindred {
namespace {

// What helps against a reason, to stand behind it.
absl::string_view Hint(absl::string_view reason) {
  if (reason == "time") return " (write 2011-10-09T17:21:42Z, 2011-10-09 or seconds or milliseconds since 1970)";
  if (reason == "not UTF-8") return " (convert the log: iconv -f ENCODING -t UTF-8)";
  return "";
}

}  // namespace

std::vector<std::string> DescribedReasons(const std::map<std::string, ReadReport::Reason>& reasons,
                                          absl::string_view kind) {
  std::vector<std::string> lines;
  for (const auto& [name, reason] : reasons) {
    std::string line = absl::StrCat(kind, ": ", reason.rows, reason.rows == 1 ? " row, " : " rows, ", name,
                                    ", first at ", reason.first.file, ":", reason.first.line);
    if (!reason.first.detail.empty()) absl::StrAppend(&line, " \"", reason.first.detail, "\"");
    absl::StrAppend(&line, Hint(name));
    lines.push_back(std::move(line));
  }
  return lines;
}

uint64_t ReadReport::bad_rows() const {
  uint64_t rows = 0;
  for (const auto& [name, reason] : bad) rows += reason.rows;
  return rows;
}

void MergeReport(ReadReport&& later, ReadReport& report) {
  report.rows += later.rows;
  report.event_rows += later.event_rows;
  report.events += later.events;
  report.action_lines += later.action_lines;
  if (report.empty_files == 0) report.first_empty_file = std::move(later.first_empty_file);
  report.empty_files += later.empty_files;
  for (const auto& [from, to] : {std::pair(&later.bad, &report.bad), std::pair(&later.skipped, &report.skipped)}) {
    for (auto& [name, reason] : *from) {
      const auto [known, is_new] = to->try_emplace(name);
      if (is_new) known->second.first = std::move(reason.first);
      known->second.rows += reason.rows;
    }
  }
}

absl::Status CheckBadRows(const ReadReport& report, double max_bad_rows) {
  const uint64_t bad = report.bad_rows();
  if (static_cast<double>(bad) <= max_bad_rows * static_cast<double>(report.rows)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%d of %d rows are bad, more than --max_bad_rows %g%%; %s", bad,
                                                    report.rows, max_bad_rows * 100,
                                                    absl::StrJoin(DescribedReasons(report.bad, "bad"), "; ")));
}

absl::Status NoUsableSearch(absl::string_view log, const ReadReport& report,
                            const std::map<std::string, uint64_t>& dropped_events) {
  std::string message = absl::StrCat("no usable search in ", log, ": ");
  if (report.rows == 0) return absl::InvalidArgumentError(message + "no rows");
  absl::StrAppend(&message, report.rows, " rows gave ", report.events, " events");
  for (const auto& [reasons, kind] : {std::pair(&report.bad, "bad"), std::pair(&report.skipped, "skipped")}) {
    for (const std::string& line : DescribedReasons(*reasons, kind)) absl::StrAppend(&message, "; ", line);
  }
  for (const auto& [reason, events] : dropped_events) {
    absl::StrAppend(&message, "; left out: ", reason, ": ", events, " events");
  }
  return absl::InvalidArgumentError(message);
}

std::vector<std::string> ReportLines(const ReadReport& report) {
  std::vector<std::string> lines = {
      absl::StrCat(report.rows, " rows: ", report.event_rows, " with a search, giving ", report.events, " events")};
  if (report.action_lines > 0) absl::StrAppend(&lines[0], "; ", report.action_lines, " bulk action lines");
  if (report.empty_files > 0) {
    lines.push_back(absl::StrCat(report.empty_files, report.empty_files == 1 ? " file" : " files",
                                 " without a row, first ", report.first_empty_file));
  }
  for (std::string& line : DescribedReasons(report.skipped, "skipped")) lines.push_back(std::move(line));
  for (std::string& line : DescribedReasons(report.bad, "bad")) lines.push_back(std::move(line));
  return lines;
}

}  // namespace kindred
