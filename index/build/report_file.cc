#include "index/build/report_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"

ABSL_FLAG(std::string, report, "",
          "also write a page with plots to this file; evaluate then measures what --min_users costs, too");

namespace kindred {

std::string ReportPath() { return absl::GetFlag(FLAGS_report); }

absl::Status WriteReport(absl::string_view page, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(page.data(), static_cast<std::streamsize>(page.size()));
  file.close();
  if (file.fail()) return absl::InternalError(absl::StrCat(path, ": cannot write: ", std::strerror(errno)));
  return absl::OkStatus();
}

}  // namespace kindred
