#include "index/build/report_file.h"

#include <memory>

#include "absl/flags/flag.h"
#include "common/status_macros.h"
#include "index/build/output_file.h"

ABSL_FLAG(std::string, report, "", "also write a page with plots to this file");

namespace kindred {

std::string ReportPath() { return absl::GetFlag(FLAGS_report); }

absl::Status CheckReportPath() {
  return ReportPath().empty() ? absl::OkStatus() : OutputFile::CheckWritable(ReportPath());
}

absl::Status WriteReport(absl::string_view page, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> file, OutputFile::Create(path));
  RETURN_IF_ERROR(file->Write(page));
  return file->Finish();
}

}  // namespace kindred
