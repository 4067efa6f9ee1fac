#include "index/log/row_members.h"

#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "index/log/excerpt.h"

namespace kindred {
namespace {
constexpr size_t kMaxRemembered = 4096;  // Of a log whose names are values.
constexpr size_t kShownBytes = 40;
}  // namespace

RowRefusal RowMembers::Read(JsonLine& json, SearchRow& row) {
  if (members_.size() > kMaxRemembered) {
    members_.clear();
    last_ = nullptr;
  }
  struct Found {
    RoleClaim claim = RoleClaim::kNone;
    bool is_text = true;
    const Member* member = nullptr;
    const Member* other = nullptr;  // With an equal claim.
  };
  std::array<Found, kRoles> found;
  json.Visit([&](absl::string_view name, const JsonLine::Value* value) {
    last_ = MemberOf(name, last_);
    const Member& member = *last_;
    if (value == nullptr) return member.may_hold_claims;
    for (const auto& [role, claim] : member.claims) {
      Found& best = found[role];
      if (claim > best.claim) {
        const std::optional<absl::string_view> text = json.Text(*value);
        row.values[role] = text.value_or(absl::string_view());
        best = {claim, text.has_value(), &member, nullptr};
      } else if (claim == best.claim && &member != best.member) {
        best.other = &member;
      }
    }
    return false;
  });
  for (size_t role = 0; role < kRoles; ++role) {
    const Found& best = found[role];
    if (best.other != nullptr && !named_.contains(std::string(kRoleNames[role]))) {
      const absl::string_view role_name = kRoleNames[role];
      const std::string first = Excerpt(best.member->name, kShownBytes);
      return Bad(kTwoMembers, absl::StrCat(first, " and ", Excerpt(best.other->name, kShownBytes), " may both be the ",
                                           role_name, "; choose with --columns ", role_name, "=", first));
    }
    const bool may_be_any = role == static_cast<size_t>(Role::kHits) || role == static_cast<size_t>(Role::kAction);
    if (!best.is_text && !may_be_any) return Bad("value is no string or number", best.member->name);
  }
  return {};
}

RowMembers::Member* RowMembers::MemberOf(absl::string_view name, Member* before) {
  Member* const expected = before == nullptr ? nullptr : before->next;
  if (expected != nullptr) {
    if (expected->name == name) return expected;
    if (expected->next != nullptr && expected->next->name == name) return expected->next;  // The row lacks one.
  }
  std::unique_ptr<Member>& member = members_[name];
  if (member == nullptr) {
    member = std::make_unique<Member>(Member{std::string(name), {}, MayHoldClaims(name, named_)});
    const std::array<RoleClaim, kRoles> claims = ClaimsOf(name, named_);
    for (size_t role = 0; role < kRoles; ++role) {
      if (claims[role] != RoleClaim::kNone) member->claims.emplace_back(role, claims[role]);
    }
  }
  if (before != nullptr) before->next = member.get();
  return member.get();
}

RowRefusal RowMembers::Bad(absl::string_view reason, std::string value) {
  bad_value_ = std::move(value);
  return {RowRefusal::Kind::kBad, reason, bad_value_};
}

}  // namespace kindred
