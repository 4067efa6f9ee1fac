// Any file: Blocklist::Parse() takes or refuses it, and what each line of it names is blocked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "index/lookup/blocklist.h"
#include "index/text/normalized_query.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::string_view file(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<kindred::Blocklist> blocklist = kindred::Blocklist::Parse(file);
  if (!blocklist.ok()) return 0;
  absl::ConsumePrefix(&file, "\xEF\xBB\xBF");
  const std::string plain = absl::StrReplaceAll(file, {{"＊", "*"}, {"＃", "#"}, {"　", " "}});
  for (absl::string_view line : absl::StrSplit(plain, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    absl::ConsumePrefix(&line, "*");
    absl::ConsumeSuffix(&line, "*");
    const absl::StatusOr<kindred::NormalizedQuery> keyword = kindred::NormalizeQuery(line);
    if (!keyword.ok() || !blocklist->Blocks(*keyword)) std::abort();
  }
  return 0;
}
