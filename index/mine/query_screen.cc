#include "index/mine/query_screen.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "index/mine/ascii.h"
#include "index/mine/personal_number.h"

namespace kindred {
namespace {

constexpr size_t kFewestDigits = 8;  // Of anything personal.

enum ByteClass : uint8_t { kPlain, kDigit, kLetterS, kSuspicious };

// Bytes that ordinary queries hardly hold, and those that are looked at more closely. 0xEF begins full-width
// characters.
constexpr std::array<ByteClass, 256> kByteClasses = [] {
  std::array<ByteClass, 256> classes{};
  for (unsigned char c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  for (const char c :
       {'@', '<', '>', '&', '\'', '"', ';', '=', '(', '%', '$', '{', '\\', '/', ':', '_', '*', '.', '`'}) {
    classes[static_cast<unsigned char>(c)] = kSuspicious;
  }
  classes[0xEF] = kSuspicious;
  classes['s'] = classes['S'] = kLetterS;
  return classes;
}();

// One pass over the bytes that lets ordinary queries go. Attacks of letters alone all say "select".
bool MayBeScreened(absl::string_view raw) {
  size_t digits = 0;
  for (size_t i = 0; i < raw.size(); ++i) {
    const ByteClass byte_class = kByteClasses[static_cast<unsigned char>(raw[i])];
    if (byte_class == kPlain) continue;
    if (byte_class == kSuspicious) return true;
    digits += byte_class == kDigit;
    if (byte_class == kLetterS && absl::StartsWithIgnoreCase(raw.substr(i), "select")) return true;
  }
  return digits >= kFewestDigits;
}

std::optional<int> HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
  return std::nullopt;
}

// "%27" to "'". Characters beyond ASCII stay: no pattern holds one, and "50%de" is Spanish.
std::string PercentDecoded(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const std::optional<int> high = HexValue(text[i + 1]), low = HexValue(text[i + 2]);
      if (high && low && *high < 8) {
        decoded.push_back(static_cast<char>(*high * 16 + *low));
        i += 2;
        continue;
      }
    }
    decoded.push_back(text[i]);
  }
  return decoded;
}

// Lower case, full width as half width (U+FF01 to U+FF5E, U+3000), white space as single spaces.
std::string Folded(absl::string_view text) {
  std::string folded;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = absl::ascii_tolower(static_cast<unsigned char>(text[i]));
    const absl::string_view three = text.substr(i, 3);
    if (three == "\xE3\x80\x80") {
      c = ' ';
      i += 2;
    } else if (three.size() == 3 && three[0] == '\xEF' && (three[1] == '\xBC' || three[1] == '\xBD')) {
      const int offset = (three[1] == '\xBD' ? 64 : 0) + (static_cast<unsigned char>(three[2]) & 0x3F);
      if (offset >= 1 && offset <= 94) {
        c = absl::ascii_tolower(static_cast<unsigned char>(' ' + offset));
        i += 2;
      }
    }
    if (absl::ascii_isspace(static_cast<unsigned char>(c))) c = ' ';
    if (c != ' ' || folded.empty() || folded.back() != ' ') folded.push_back(c);
  }
  return folded;
}

template <size_t N>
bool ContainsAny(absl::string_view text, const char* const (&patterns)[N]) {
  return std::any_of(std::begin(patterns), std::end(patterns),
                     [&](const char* pattern) { return absl::StrContains(text, pattern); });
}

// `pattern` in `text` with a character right after it that satisfies `next`.
template <typename Predicate>
bool ContainsBefore(absl::string_view text, absl::string_view pattern, Predicate next) {
  for (size_t at = text.find(pattern); at != absl::string_view::npos; at = text.find(pattern, at + 1)) {
    const size_t end = at + pattern.size();
    if (end < text.size() && next(text[end])) return true;
  }
  return false;
}

// What stands after the last "or" or "and" of `text`; nothing: neither stands there.
std::optional<absl::string_view> AfterConnective(absl::string_view text) {
  std::optional<absl::string_view> after;
  for (const absl::string_view connective : {"or ", "and "}) {
    const size_t at = text.rfind(connective);
    if (at == absl::string_view::npos || (at > 0 && IsAlnum(text[at - 1]))) continue;
    const absl::string_view rest = text.substr(at + connective.size());
    if (!after || rest.size() < after->size()) after = rest;
  }
  return after;
}

// "or 1=1", "and 'a'='a", "and 5=6": the same on both sides, or a quotation mark before.
bool HasTautology(absl::string_view text) {
  const auto is_operand = [](char c) { return IsAlnum(c) || c == '\'' || c == '"' || c == ' ' || c == '('; };
  for (size_t equals = text.find('='); equals != absl::string_view::npos; equals = text.find('=', equals + 1)) {
    size_t end = equals + 1;
    while (end < text.size() && is_operand(text[end])) ++end;
    const absl::string_view before = text.substr(0, equals);
    const std::optional<absl::string_view> left = AfterConnective(before);
    if (!left) continue;
    const absl::string_view operand = absl::StripAsciiWhitespace(*left);
    const absl::string_view other = absl::StripAsciiWhitespace(text.substr(equals + 1, end - equals - 1));
    const bool quoted = before.find_first_of("'\"") != absl::string_view::npos;
    if (!operand.empty() && (quoted || operand == other)) return true;
  }
  return false;
}

bool IsSql(absl::string_view text) {
  constexpr const char* kAlways[] = {
      "union select",
      "union all select",
      "union distinct select",
      "select *",
      "select @@",
      "select(",
      "xp_cmdshell",
      "information_schema",
      "pg_sleep",
      "waitfor delay",
      "load_file(",
      "extractvalue(",
      "updatexml(",
      "randomblob(",
      "dbms_pipe",
      "utl_http",
      "utl_inaddr",
      "version()",
      "database()",
      "sysdate()",
      "concat(0x",
      "'--",
      "')--",
      "\"--",
      "' --",
      "';",
      "'/*",
      "*/select",
      "/**/",
      "') or ",
      "') and ",
      "' or '",
      "' and '",
      "' or 1",
      "' and 1",
      "\" or \"",
      "' order by 1",
      "'||'",
      "insert into ",
      "; drop ",
      ";drop ",
      "; select ",
      "; exec ",
      "; update ",
      "; delete ",
      "; shutdown",
      "' union ",
  };
  if (ContainsAny(text, kAlways)) return true;
  if (ContainsBefore(text, "sleep(", IsDigit) || ContainsBefore(text, "benchmark(", IsDigit)) return true;
  if (absl::StrContains(text, "select ") && absl::StrContains(text, " from ") &&
      (absl::StrContains(text, " where ") || absl::StrContains(text, " users") || absl::StrContains(text, " dual"))) {
    return true;
  }
  return HasTautology(text);
}

// Patterns are grouped by the bytes that they need, so that "1.5l" and "men's" are not held against all of them.
bool IsPathAttack(absl::string_view text) {
  constexpr const char* kAlways[] = {
      "../../",      "..\\..\\",      "/etc/passwd", "/etc/shadow", "boot.ini",        "win.ini",
      "c:\\windows", "/bin/sh",       "/bin/bash",   "cmd.exe",     "document.cookie", "document.domain",
      "\\x3cscript", "\\u003cscript", "file:///",    "gopher://",   "ldap://",         "php://",
      ".php?",       "data:text/",    "; cat /",     "|cat /",
  };
  return ContainsAny(text, kAlways);
}

bool IsScriptAttack(absl::string_view text) {
  constexpr const char* kAlways[] = {
      "${",           "#{",
      "{{",           "<%",
      "jndi:",        "$(",
      "() {",         "vbscript:",
      "onerror=",     "onload=",
      "onmouseover=", "onfocus=",
      "onclick=",     "base64_decode(",
      "phpinfo(",     "passthru(",
      "system('",     "system(\"",
      "eval(",        "fromcharcode(",
      "prompt(1",     "confirm(1",
      "__import__",   "__proto__",
      "set-cookie:",
  };
  if (ContainsAny(text, kAlways)) return true;
  const auto argument = [](char c) { return IsDigit(c) || c == '\'' || c == '"' || c == '`' || c == 'd'; };
  if (ContainsBefore(text, "alert(", argument)) return true;
  return ContainsBefore(text, "javascript:", [](char c) { return c != ' '; });  // Else a book's title.
}

bool IsAttack(absl::string_view text) {
  if (text.find('\0') != absl::string_view::npos) return true;
  if (text.find_first_of("./\\") != absl::string_view::npos && IsPathAttack(text)) return true;
  if (text.find_first_of("({=:<_") != absl::string_view::npos && IsScriptAttack(text)) return true;
  const bool sql = text.find_first_of("'\"(=;_*@") != absl::string_view::npos || absl::StrContains(text, "select");
  return sql && IsSql(text);
}

bool IsMarkup(absl::string_view text) {
  constexpr const char* kTags[] = {
      "<script", "<img",  "<iframe",   "<svg",   "<body",  "<a ",      "<a>",     "<b>",       "<i>",     "<p>",
      "<br",     "<div",  "<span",     "<style", "<link",  "<meta",    "<form",   "<input",    "<object", "<embed",
      "<html",   "<head", "<table",    "<video", "<audio", "<math",    "<base",   "<h1",       "<strong", "<em>",
      "<font",   "<!--",  "<!doctype", "<?php",  "<?xml",  "<marquee", "<button", "<textarea", "<select", "<details",
      "<ul",     "<li",   "<![cdata",  "&lt;",   "&gt;",   "&quot;",   "&amp;",   "&nbsp;",    "&apos;",  "&#x",
  };
  if (text.find_first_of("<&") == absl::string_view::npos) return false;
  return ContainsAny(text, kTags) || ContainsBefore(text, "</", IsLetter) || ContainsBefore(text, "&#", IsDigit);
}

// Something@name.tld, spaces about the '@' allowed, or something@ with a mail provider's name.
bool IsEmail(absl::string_view text) {
  constexpr const char* kProviders[] = {"gmail", "yahoo", "hotmail", "outlook", "icloud",
                                        "msn",   "qq",    "pchome",  "hinet"};
  for (size_t at = text.find('@'); at != absl::string_view::npos; at = text.find('@', at + 1)) {
    const absl::string_view local = absl::StripTrailingAsciiWhitespace(text.substr(0, at));
    if (local.empty() || !IsAlnum(local.back())) continue;
    const absl::string_view rest = absl::StripLeadingAsciiWhitespace(text.substr(at + 1));
    size_t end = 0;
    while (end < rest.size() && (IsAlnum(rest[end]) || rest[end] == '-' || rest[end] == '.')) ++end;
    absl::string_view domain = rest.substr(0, end);
    while (absl::EndsWith(domain, ".")) domain.remove_suffix(1);
    const size_t dot = domain.rfind('.');
    const bool named = dot != absl::string_view::npos && dot > 0 && domain.size() - dot > 2 &&
                       std::all_of(domain.begin() + static_cast<ptrdiff_t>(dot) + 1, domain.end(), IsLetter);
    const bool provider =
        std::any_of(std::begin(kProviders), std::end(kProviders), [&](const char* name) { return domain == name; });
    if (named || provider) return true;
  }
  return false;
}

// A scheme, "www.", or name.tld with a path. A bare name.tld is a shop's name as shoppers type it.
bool IsUrl(absl::string_view text) {
  if (text.find_first_of(".:") == absl::string_view::npos) return false;
  constexpr const char* kSchemes[] = {"http://", "https://", "ftp://", "http:/", "https:/"};
  if (ContainsAny(text, kSchemes)) return true;
  for (size_t at = text.find("www."); at != absl::string_view::npos; at = text.find("www.", at + 1)) {
    const bool starts = at == 0 || !IsAlnum(text[at - 1]);
    if (starts && at + 4 < text.size() && IsAlnum(text[at + 4])) return true;
  }
  constexpr const char* kDomainsWithPath[] = {".com/",  ".net/",  ".org/",   ".tw/",  ".jp/",  ".cn/",  ".hk/", ".io/",
                                              ".cc/",   ".co/",   ".me/",    ".ly/",  ".gl/",  ".be/",  ".tv/", ".app/",
                                              ".info/", ".shop/", ".store/", ".html", ".aspx", ".php/", ".com:"};
  for (const char* domain : kDomainsWithPath) {
    const size_t at = text.find(domain);
    if (at != absl::string_view::npos && at > 0 && IsAlnum(text[at - 1])) return true;
  }
  return false;
}

// A marketing campaign's name that its links pass off as a search: words joined by '_' with a date ("20260801_SALE").
bool IsCampaignCode(absl::string_view text) {
  if (!absl::StrContains(text, '_') || absl::StrContains(text, ' ')) return false;
  size_t digits = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && IsDigit(text[i])) {
      ++digits;
    } else {
      if (digits == 8 && (text.substr(i - 8, 2) == "19" || text.substr(i - 8, 2) == "20")) return true;
      digits = 0;
    }
  }
  return false;
}

}  // namespace

ScreenReason ScreenQuery(absl::string_view raw) {
  if (!MayBeScreened(raw)) return ScreenReason::kNone;
  const std::string text = Folded(absl::StrContains(raw, '%') ? PercentDecoded(PercentDecoded(raw)) : std::string(raw));
  // "<" comes first: what is within markup is of no interest.
  if (IsMarkup(text)) return ScreenReason::kMarkup;
  if (IsAttack(text)) return ScreenReason::kAttack;
  if (IsEmail(text)) return ScreenReason::kEmail;
  if (IsUrl(text)) return ScreenReason::kUrl;
  if (IsCampaignCode(text)) return ScreenReason::kCampaignCode;
  switch (FindPersonalNumber(text)) {
    case PersonalNumber::kPhone:
      return ScreenReason::kPhone;
    case PersonalNumber::kCard:
      return ScreenReason::kCardNumber;
    case PersonalNumber::kIdentity:
      return ScreenReason::kIdentityNumber;
    case PersonalNumber::kNone:
      break;
  }
  return ScreenReason::kNone;
}

absl::string_view ScreenReasonName(ScreenReason reason) {
  switch (reason) {
    case ScreenReason::kNone:
      return "none";
    case ScreenReason::kEmail:
      return "e-mail address";
    case ScreenReason::kPhone:
      return "telephone number";
    case ScreenReason::kCardNumber:
      return "payment card number";
    case ScreenReason::kIdentityNumber:
      return "identity number";
    case ScreenReason::kUrl:
      return "link";
    case ScreenReason::kMarkup:
      return "markup";
    case ScreenReason::kAttack:
      return "attack string";
    case ScreenReason::kCampaignCode:
      return "campaign code";
  }
  return "unknown";
}

}  // namespace kindred
