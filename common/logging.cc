#include "common/logging.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace kindred {
namespace {

bool json_format = false;
bool logs_debug = false;  // What spdlog::should_log(debug) says: each call asks, and spdlog looks for its logger first.
thread_local const LogScope* innermost_scope = nullptr;

// The length of the UTF-8 character that `text` starts with; 0 where it starts with none.
size_t Utf8Length(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const size_t length = byte(0) < 0x80   ? 1
                        : byte(0) < 0xC2 ? 0
                        : byte(0) < 0xE0 ? 2
                        : byte(0) < 0xF0 ? 3
                        : byte(0) < 0xF5 ? 4
                                         : 0;
  if (length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong_or_surrogate = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xED && byte(1) > 0x9F) ||
                                     (byte(0) == 0xF0 && byte(1) < 0x90) || (byte(0) == 0xF4 && byte(1) > 0x8F);
  return overlong_or_surrogate ? 0 : length;
}

// Valid JSON whatever the bytes: a file's name, which errors quote, need not be UTF-8.
std::string JsonString(absl::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    const absl::string_view character = text.substr(0, std::max<size_t>(length, 1));
    if (character == "\"" || character == "\\") {
      absl::StrAppend(&out, "\\", character);
    } else if (length == 0) {
      out += "\\ufffd";
    } else if (static_cast<unsigned char>(character[0]) < 0x20) {
      absl::StrAppend(&out, "\\u00", absl::BytesToHexString(character));
    } else {
      absl::StrAppend(&out, character);
    }
    text.remove_prefix(character.size());
  }
  return out + "\"";
}

// Whether the text format must quote a value, so that a line stays one line and its fields stay apart.
bool NeedsQuotes(absl::string_view value) {
  const auto breaks = [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '"' || c == '='; };
  return value.empty() || std::any_of(value.begin(), value.end(), breaks);
}

void Log(spdlog::level::level_enum level, absl::string_view event, const LogFields& fields) {
  if (!spdlog::should_log(level)) return;
  LogFields all = fields;
  for (auto& field : LogScope::Fields()) all.push_back(std::move(field));
  std::string line;
  if (json_format) {
    line = JsonString(event);
    for (const auto& [name, value] : all) absl::StrAppend(&line, ",", JsonString(name), ":", JsonString(value));
  } else {
    line = std::string(event);
    for (const auto& [name, value] : all) {
      absl::StrAppend(&line, " ", name, "=", NeedsQuotes(value) ? JsonString(value) : value);
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
    return absl::InvalidArgumentError(absl::StrCat("--log_level ", level, ": use debug, info, warning or error"));
  }
  json_format = format == "json";
  logs_debug = parsed == spdlog::level::debug;
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

bool LogsDebug() { return logs_debug; }

LogScope::LogScope(absl::FunctionRef<LogFields()> fields)
    : fields_(fields), outer_(std::exchange(innermost_scope, this)) {}

LogScope::~LogScope() { innermost_scope = outer_; }

LogFields LogScope::Fields() {
  LogFields fields;
  for (const LogScope* scope = innermost_scope; scope != nullptr; scope = scope->outer_) {
    const LogFields more = scope->fields_();
    fields.insert(fields.begin(), more.begin(), more.end());
  }
  return fields;
}

}  // namespace kindred
