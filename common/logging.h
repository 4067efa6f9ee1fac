// Structured logs of the programs, by spdlog: one line per state change on standard error, text or JSON.
// A shopper's query is logged at debug level only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kindred {

// Sets the process's log format and level. Call once in main(), before any thread.
//   InvalidArgument: format other than "text" and "json", or level other than debug, info, warning, error.
absl::Status InitLogging(absl::string_view format, absl::string_view level);

// Named values of a log line, such as {{"version", "42"}, {"queries", "1024"}}.
using LogFields = std::vector<std::pair<std::string, std::string>>;

// Thread-safe. In JSON each field is a string member beside "time", "level" and "event"; in text it reads
// `time level event version=42 queries=1024`.
void LogDebug(absl::string_view event, const LogFields& fields = {});
void LogInfo(absl::string_view event, const LogFields& fields = {});
void LogWarning(absl::string_view event, const LogFields& fields = {});
void LogError(absl::string_view event, const LogFields& fields = {});

// Whether lines at debug level are written: where making their fields is too dear to do in vain.
bool LogsDebug();

// Adds fields to each line that this thread logs while the scope lives, such as whose call it is about. They are asked
// for when there is such a line, and not before. `fields` must outlive the scope; scopes on a thread end in reverse
// order.
class LogScope {
 public:
  explicit LogScope(absl::FunctionRef<LogFields()> fields);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

  // Of this thread's scopes, the inner ones last.
  static LogFields Fields();

 private:
  const absl::FunctionRef<LogFields()> fields_;
  const LogScope* const outer_;
};

}  // namespace kindred
