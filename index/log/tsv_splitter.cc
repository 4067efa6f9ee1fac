#include <cstring>
#include <vector>

#include "common/status_macros.h"
#include "index/log/line_splitter.h"
#include "index/log/record_splitter.h"

namespace kindred {
namespace {

class TsvSplitter final : public RecordSplitter {
 public:
  explicit TsvSplitter(BlockBuffer* buffer) : lines_(buffer) {}

  absl::StatusOr<std::optional<Record>> Next() override {
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<Line> line, lines_.Next());
      if (!line.has_value()) return std::nullopt;
      if (line->too_long) return Record{line->text, {}, line->number, "line too long"};
      if (line->text.empty()) continue;
      Split(line->text);
      return Record{line->text, fields_, line->number, ""};
    }
  }

 private:
  void Split(absl::string_view text) {
    fields_.clear();
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
      const void* tab = at == end ? nullptr : std::memchr(at, '\t', static_cast<size_t>(end - at));
      const char* const stop = tab == nullptr ? end : static_cast<const char*>(tab);
      fields_.emplace_back(at, static_cast<size_t>(stop - at));
      if (stop == end) return;
      at = stop + 1;
    }
  }

  LineSplitter lines_;
  std::vector<absl::string_view> fields_;  // Kept between calls: no allocation a row.
};

}  // namespace

std::unique_ptr<RecordSplitter> NewTsvSplitter(BlockBuffer* buffer) { return std::make_unique<TsvSplitter>(buffer); }

}  // namespace kindred
