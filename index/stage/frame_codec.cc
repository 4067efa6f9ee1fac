#include "index/stage/frame_codec.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace kindred {
namespace {

// Sizes, then all bytes.
class Texts {
 public:
  void Add(absl::string_view text) {
    sizes_.push_back(static_cast<uint16_t>(text.size()));
    bytes_.append(text.data(), text.size());
  }
  void WriteTo(BlockFileWriter& writer) const {
    writer.Array(sizes_);
    writer.Text(bytes_);
  }

  // visit(i, text)
  template <typename Visit>
  static void Read(BlockFileReader& reader, Visit visit) {
    const absl::Span<const uint16_t> sizes = reader.Array<uint16_t>();
    absl::string_view bytes = reader.Text();
    for (size_t i = 0; i < sizes.size(); ++i) {
      if (sizes[i] > bytes.size()) return reader.Fail("texts are longer than their bytes");
      visit(i, bytes.substr(0, sizes[i]));
      bytes.remove_prefix(sizes[i]);
    }
  }

 private:
  std::vector<uint16_t> sizes_;
  std::string bytes_;
};

bool BySpelling(const Spelling& a, const Spelling& b) {
  return a.query != b.query ? a.query < b.query : a.display < b.display;
}

void Check(const TableFrame& frame, BlockFileReader& reader) {
  const bool ordered = std::is_sorted(frame.queries.begin(), frame.queries.end()) &&
                       std::is_sorted(frame.spellings.begin(), frame.spellings.end(), BySpelling) &&
                       std::is_sorted(frame.items.begin(), frame.items.end());
  if (!ordered || frame.about_events.size() != frame.queries.size()) reader.Fail("strings are out of order");
}

void WriteReasons(const std::map<std::string, ReadReport::Reason>& reasons, BlockFileWriter& writer) {
  writer.Number(reasons.size());
  for (const auto& [name, reason] : reasons) {
    writer.Text(name);
    writer.Number(reason.rows);
    writer.Text(reason.first.file);
    writer.Number(reason.first.line);
    writer.Text(reason.first.detail);
  }
}

std::map<std::string, ReadReport::Reason> ReadReasons(BlockFileReader& reader) {
  std::map<std::string, ReadReport::Reason> reasons;
  for (uint64_t n = reader.Number(); n > 0 && reader.status().ok(); --n) {
    ReadReport::Reason& reason = reasons[std::string(reader.Text())];
    reason.rows = reader.Number();
    reason.first.file = std::string(reader.Text());
    reason.first.line = reader.Number();
    reason.first.detail = std::string(reader.Text());
  }
  return reasons;
}

}  // namespace

// A display form that is its query's own text, as most are, takes no byte: none is empty.
void FrameCodec::Write(const TableFrame& frame, BlockFileWriter& writer) {
  writer.Text(frame.market);
  Texts queries;
  for (const NormalizedView query : frame.queries) queries.Add(query.text());
  queries.WriteTo(writer);
  std::vector<QueryId> query_of_spelling;
  Texts displays;
  for (const Spelling& spelling : frame.spellings) {
    query_of_spelling.push_back(spelling.query);
    displays.Add(spelling.display == frame.queries[spelling.query].text() ? absl::string_view() : spelling.display);
  }
  writer.Array(query_of_spelling);
  displays.WriteTo(writer);
  writer.Array(frame.items);
  writer.Array(frame.about_events);
  std::vector<uint32_t> minutes;
  std::vector<uint64_t> events;
  for (const auto& [minute, count] : frame.minutes) {
    minutes.push_back(minute);
    events.push_back(count);
  }
  writer.Array(minutes);
  writer.Array(events);
  writer.Number(frame.events);
  writer.Number(static_cast<uint64_t>(frame.first_ms));
  writer.Number(static_cast<uint64_t>(frame.last_ms));
  writer.Number(frame.tells_found ? 1 : 0);
}

TableFrame FrameCodec::Read(BlockFileReader& reader) {
  TableFrame frame;
  frame.market = std::string(reader.Text());
  Texts::Read(reader,
              [&](size_t, absl::string_view text) { frame.queries.push_back(NormalizedView(frame.texts.Add(text))); });
  const absl::Span<const QueryId> query_of_spelling = reader.Array<QueryId>();
  Texts::Read(reader, [&](size_t i, absl::string_view text) {
    const QueryId query = i < query_of_spelling.size() ? query_of_spelling[i] : UINT32_MAX;
    if (query >= frame.queries.size()) return reader.Fail("a spelling of no query");
    frame.spellings.push_back({text.empty() ? frame.queries[query].text() : frame.texts.Add(text), query});
  });
  const auto items = reader.Array<Fingerprint>();
  frame.items.assign(items.begin(), items.end());
  const auto about_events = reader.Array<uint64_t>();
  frame.about_events.assign(about_events.begin(), about_events.end());
  const auto minutes = reader.Array<uint32_t>();
  const auto events = reader.Array<uint64_t>();
  if (minutes.size() != events.size()) reader.Fail("minutes without counts");
  for (size_t i = 0; i < std::min(minutes.size(), events.size()); ++i)
    frame.minutes.emplace_back(minutes[i], events[i]);
  frame.events = reader.Number();
  frame.first_ms = static_cast<int64_t>(reader.Number());
  frame.last_ms = static_cast<int64_t>(reader.Number());
  frame.tells_found = reader.Number() != 0;
  Check(frame, reader);
  return frame;
}

void FrameCodec::WriteReport(const ReadReport& report, BlockFileWriter& writer) {
  writer.Number(report.rows);
  writer.Number(report.event_rows);
  writer.Number(report.events);
  writer.Number(report.action_lines);
  WriteReasons(report.bad, writer);
  WriteReasons(report.skipped, writer);
}

ReadReport FrameCodec::ReadRows(BlockFileReader& reader) {
  ReadReport report;
  report.rows = reader.Number();
  report.event_rows = reader.Number();
  report.events = reader.Number();
  report.action_lines = reader.Number();
  report.bad = ReadReasons(reader);
  report.skipped = ReadReasons(reader);
  return report;
}

}  // namespace kindred
