// What the tests of the log readers share: events that own their text, and compressed copies of texts.
#pragma once

#include <zlib.h>
#include <zstd.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "index/log/event_reader.h"

namespace kindred::testing {

struct OwnedEvent {
  std::string user, query, item;
  int64_t time_ms = 0;
  Action action = Action::kSearch;
  std::optional<uint64_t> hits = std::nullopt;
  std::string market = "";

  friend bool operator==(const OwnedEvent&, const OwnedEvent&) = default;
  friend std::ostream& operator<<(std::ostream& out, const OwnedEvent& event) {
    out << "{user " << event.user << ", query " << event.query << ", item " << event.item << ", time " << event.time_ms
        << ", action " << static_cast<int>(event.action);
    if (event.hits.has_value()) out << ", hits " << *event.hits;
    return out << ", market " << event.market << "}";
  }
};

inline OwnedEvent Own(const SearchEvent& event) {
  return {std::string(event.user),
          std::string(event.query),
          std::string(event.item),
          event.time_ms,
          event.action,
          event.hits,
          std::string(event.market)};
}

struct Log {
  std::vector<OwnedEvent> events;
  ReadReport report;
};

// Every event of the inputs, or the first error.
inline absl::StatusOr<Log> ReadLog(const LogOptions& options) {
  absl::StatusOr<std::unique_ptr<EventReader>> reader = EventReader::Open(options);
  if (!reader.ok()) return reader.status();
  Log log;
  while (true) {
    const absl::StatusOr<std::optional<SearchEvent>> event = (*reader)->Next();
    if (!event.ok()) return event.status();
    if (!event->has_value()) break;
    log.events.push_back(Own(**event));
  }
  log.report = (*reader)->report();
  return log;
}

inline absl::StatusOr<Log> ReadLog(const std::string& path) {
  LogOptions options;
  options.inputs = {path};
  return ReadLog(options);
}

inline constexpr int64_t kNoon = 1318161600000;  // 2011-10-09T12:00:00Z

inline std::string Gzipped(const std::string& text) {
  z_stream stream = {};
  EXPECT_EQ(::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(::deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

inline std::string Zstd(const std::string& text) {
  std::string out(::ZSTD_compressBound(text.size()), '\0');
  out.resize(::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

}  // namespace kindred::testing
