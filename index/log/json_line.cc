#include "index/log/json_line.h"

#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "index/log/log_block.h"

namespace kindred {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

static_assert(LogBlock::kPaddingBytes >= simdjson::SIMDJSON_PADDING);

constexpr size_t kMaxNumbers = 32;
// Names repeat what they are nested in: without limits a line of 1 MiB could take gigabytes of them.
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxNames = 4096;
using NumberText = std::array<char, 32>;

absl::string_view View(std::string_view text) { return absl::string_view(text.data(), text.size()); }
std::string_view StdView(absl::string_view text) { return std::string_view(text.data(), text.size()); }

// Whether a whole number outside of strings is as long as one that 64 bits do not hold.
bool HasLongInteger(absl::string_view text) {
  constexpr size_t kDigits = 19;  // Of the least.
  bool in_string = false;
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = !in_string && absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
    digits = is_digit ? digits + 1 : 0;
    if (digits == kDigits) return true;
    if (text[i] == '"') in_string = !in_string;
    if (in_string && text[i] == '\\') ++i;
  }
  return false;
}

void AppendNames(const object& from, const std::string& prefix, std::vector<std::string>& names) {
  for (const auto& [key, value] : from) {
    if (names.size() == kMaxNames) return;
    if (prefix.size() + key.size() > kMaxNameBytes) continue;
    const std::string name = absl::StrCat(prefix, View(key));
    object nested;
    if (value.get(nested) == simdjson::SUCCESS) {
      AppendNames(nested, name + ".", names);
    } else {
      names.push_back(name);
    }
  }
}

// `name` is what the object's members are nested in, and stays so.
template <typename Visit>
void VisitMembers(const object& from, std::string& name, const Visit& visit) {
  const size_t prefix = name.size();
  for (const auto& [key, value] : from) {
    if (prefix + key.size() > kMaxNameBytes) continue;
    if (prefix > 0) name.append(key);
    const bool is_object = value.type() == element_type::OBJECT;
    if (visit(prefix > 0 ? absl::string_view(name) : View(key), is_object ? nullptr : &value) && is_object) {
      if (prefix == 0) name = key;
      name.push_back('.');
      VisitMembers(object(value), name, visit);
    }
    name.resize(prefix);
  }
}

}  // namespace

JsonPath::JsonPath(absl::string_view dotted) : dotted_(dotted), members_(absl::StrSplit(dotted, '.')) {}

struct JsonLine::Parsed {
  simdjson::dom::parser parser;
  object root;
  std::array<NumberText, kMaxNumbers> numbers;
  size_t numbers_used = 0;

  std::optional<element> Find(const JsonPath& path) const {
    element found;
    if (root.at_key(StdView(path.dotted())).get(found) == simdjson::SUCCESS) return found;
    if (path.members().size() == 1) return std::nullopt;
    object at = root;
    for (size_t i = 0; i + 1 < path.members().size(); ++i) {
      if (at.at_key(path.members()[i]).get(at) != simdjson::SUCCESS) return std::nullopt;
    }
    if (at.at_key(path.members().back()).get(found) != simdjson::SUCCESS) return std::nullopt;
    return found;
  }

  template <typename Number>
  absl::string_view Digits(Number value) {
    NumberText& text = numbers[numbers_used++ % kMaxNumbers];
    std::to_chars_result written;
    if constexpr (std::is_floating_point_v<Number>) {
      // The shortest digits that give the number back; no exponent where a time or a product number may stand.
      const double size = std::abs(value);
      const bool plain = size == 0 || (size >= 1e-6 && size < 1e15);
      written =
          std::to_chars(text.begin(), text.end(), value, plain ? std::chars_format::fixed : std::chars_format::general);
    } else {
      written = std::to_chars(text.begin(), text.end(), value);
    }
    return absl::string_view(text.data(), static_cast<size_t>(written.ptr - text.data()));
  }
};

JsonLine::JsonLine() : parsed_(std::make_unique<Parsed>()) {}
JsonLine::~JsonLine() = default;

absl::string_view JsonLine::Parse(absl::string_view text) {
  parsed_->numbers_used = 0;
  element root;
  const simdjson::error_code error = parsed_->parser.parse(text.data(), text.size(), false).get(root);
  if (error == simdjson::UTF8_ERROR) return "not UTF-8";
  if (error == simdjson::NUMBER_ERROR && HasLongInteger(text)) return "number above 64 bits: write it as a string";
  if (error != simdjson::SUCCESS) return "not JSON";
  if (root.get(parsed_->root) != simdjson::SUCCESS) return "not a JSON object";
  return "";
}

struct JsonLine::Value {
  element value;
};

void JsonLine::Visit(absl::FunctionRef<bool(absl::string_view name, const Value* value)> visit) {
  std::string name;
  VisitMembers(parsed_->root, name, [&](absl::string_view member, const element* found) {
    if (found == nullptr) return visit(member, nullptr);
    const Value value = {*found};
    return visit(member, &value);
  });
}

std::optional<absl::string_view> JsonLine::Text(const JsonPath& path) {
  const std::optional<element> found = parsed_->Find(path);
  return found.has_value() ? Text(Value{*found}) : absl::string_view();
}

std::optional<absl::string_view> JsonLine::Text(const Value& value) {
  const element& found = value.value;
  switch (found.type()) {
    case element_type::STRING:
      return View(std::string_view(found));
    case element_type::INT64:
      return parsed_->Digits(int64_t(found));
    case element_type::UINT64:
      return parsed_->Digits(uint64_t(found));
    case element_type::DOUBLE:
      return parsed_->Digits(double(found));
    case element_type::NULL_VALUE:
      return absl::string_view();
    default:
      return std::nullopt;
  }
}

bool JsonLine::Has(const JsonPath& path) const { return parsed_->Find(path).has_value(); }

bool JsonLine::IsWrapped(absl::string_view member) const {
  object inside;
  return parsed_->root.size() == 1 && parsed_->root.at_key(StdView(member)).get(inside) == simdjson::SUCCESS;
}

void JsonLine::Enter(absl::string_view member) {
  object inside;
  if (parsed_->root.at_key(StdView(member)).get(inside) == simdjson::SUCCESS) parsed_->root = inside;
}

std::vector<std::string> JsonLine::Names() const {
  std::vector<std::string> names;
  AppendNames(parsed_->root, "", names);
  return names;
}

}  // namespace kindred
