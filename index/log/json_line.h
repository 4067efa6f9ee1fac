// One line of JSON, parsed by simdjson, and its values as texts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace kindred {

// The way to a value: "event_attributes.object.object_id". The dots part members of members; a member whose own name
// holds the dots is found too.
class JsonPath {
 public:
  explicit JsonPath(absl::string_view dotted);
  const std::string& dotted() const { return dotted_; }
  const std::vector<std::string>& members() const { return members_; }

 private:
  std::string dotted_;
  std::vector<std::string> members_;
};

// Not thread-safe. Views are valid until the next Parse().
class JsonLine {
 public:
  struct Value;  // Of a member; an object's is none.

  JsonLine();
  ~JsonLine();
  JsonLine(const JsonLine&) = delete;
  JsonLine& operator=(const JsonLine&) = delete;

  // Empty, or why it is a bad row: "not JSON", "not UTF-8", "not a JSON object", "number above 64 bits: write it as a
  // string".
  // REQUIRES: LogBlock::kPaddingBytes behind `text` are readable.
  absl::string_view Parse(absl::string_view text);

  // A string as it is, a number in decimal digits; empty for null and for what is not there.
  // nullopt: an object, an array, true or false. REQUIRES: at most 32 calls a line; the line was parsed.
  std::optional<absl::string_view> Text(const JsonPath& path);
  // Like Text(), with nothing for what is of another type.
  absl::string_view TextOrEmpty(const JsonPath& path) { return Text(path).value_or(absl::string_view()); }
  std::optional<absl::string_view> Text(const Value& value);
  bool Has(const JsonPath& path) const;
  // Calls visit(dotted name, value) for each member whose dotted name is of at most 256 bytes, in their order. Of an
  // object the value is nullptr; its members are visited where the call is true.
  void Visit(absl::FunctionRef<bool(absl::string_view name, const Value* value)> visit);

  // True for an object with one member, which has this name and is an object itself.
  bool IsWrapped(absl::string_view member) const;
  // From now on paths start at this member, if it is an object.
  void Enter(absl::string_view member);
  // Dotted names of the members that are no objects: the first 4,096 of those of at most 256 bytes.
  std::vector<std::string> Names() const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;  // Keeps simdjson out of this header.
};

}  // namespace kindred
