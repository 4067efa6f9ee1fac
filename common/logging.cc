#include "common/logging.h"

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace kindred {
namespace {

bool json_format = false;

std::string JsonString(absl::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&out, "\\u00", absl::BytesToHexString(absl::string_view(&c, 1)));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void Log(spdlog::level::level_enum level, absl::string_view event, const LogFields& fields) {
  if (!spdlog::should_log(level)) return;
  std::string line;
  if (json_format) {
    line = JsonString(event);
    for (const auto& [name, value] : fields) absl::StrAppend(&line, ",", JsonString(name), ":", JsonString(value));
  } else {
    line = std::string(event);
    for (const auto& [name, value] : fields) {
      const bool quote = value.empty() || absl::StrContains(value, ' ') || absl::StrContains(value, '\n');
      absl::StrAppend(&line, " ", name, "=", quote ? JsonString(value) : value);
    }
  }
  spdlog::log(level, "{}", line);
}

}  // namespace

absl::Status InitLogging(absl::string_view format, absl::string_view level) {
  if (format != "text" && format != "json") {
    return absl::InvalidArgumentError(absl::StrCat("log format \"", format, "\": use text or json"));
  }
  const spdlog::level::level_enum parsed = spdlog::level::from_str(std::string(level));
  if (parsed == spdlog::level::off || parsed == spdlog::level::trace || parsed == spdlog::level::critical) {
    return absl::InvalidArgumentError(
        absl::StrCat("log level \"", level, "\": use debug, info, warning or error"));
  }
  json_format = format == "json";
  auto logger = std::make_shared<spdlog::logger>("kindred", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(parsed);
  logger->flush_on(spdlog::level::info);
  logger->set_pattern(json_format ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","event":%v})"
                                  : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  spdlog::set_default_logger(std::move(logger));
  return absl::OkStatus();
}

void LogDebug(absl::string_view event, const LogFields& fields) { Log(spdlog::level::debug, event, fields); }
void LogInfo(absl::string_view event, const LogFields& fields) { Log(spdlog::level::info, event, fields); }
void LogWarning(absl::string_view event, const LogFields& fields) { Log(spdlog::level::warn, event, fields); }
void LogError(absl::string_view event, const LogFields& fields) { Log(spdlog::level::err, event, fields); }

}  // namespace kindred
