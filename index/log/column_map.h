// Which column of a log plays which role: named or numbered by the user, else found by the names that logs usually
// have.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kindred {

enum class Role : size_t { kUser, kSession, kTime, kQuery, kItem, kAction, kHits, kMarket };
inline constexpr size_t kRoles = 8;
inline constexpr std::array<absl::string_view, kRoles> kRoleNames = {"user", "session", "time", "query",
                                                                     "item", "action",  "hits", "market"};

// Behind a message of a file whose first line may well be parted so.
inline constexpr char kSemicolonsHint[] = " (is it parted by semicolons? Part its fields by tabs or commas)";

// The column of each role, from 0.
struct ColumnMap {
  std::array<std::optional<size_t>, kRoles> columns;
  std::optional<size_t> operator[](Role role) const { return columns[static_cast<size_t>(role)]; }
};

// Roles to what the user wrote for them, as LogOptions::columns.
using ColumnNames = std::map<std::string, std::string>;

// True where every column that is given, one at least, is by its number.
bool AllNumbered(const ColumnNames& named);
// True where these are all that are needed, so that the log may have no header.
bool NeedsNoHeader(const ColumnNames& named);

// For logs without a header. InvalidArgument: no user or session, no time or no query; a number outside 1 .. columns.
absl::StatusOr<ColumnMap> NumberedColumns(const ColumnNames& named, size_t columns);

// For logs with a header. Case, spaces and punctuation of names do not matter ("User-ID" is user_id). A role that is
// given no column has none; one that is not in `named` takes the column of the most telling usual name; `session`
// stands in for the user where there is no user column. InvalidArgument: a named column is not there, or twice; a
// needed role is not found; two columns have equal claims to a role. The message lists the columns found and what to
// write.
absl::StatusOr<ColumnMap> FindColumns(absl::Span<const absl::string_view> header, const ColumnNames& named);

// What follows is for logs whose rows name their values themselves, each row its own.

// How well a name fits a role, which the best claim in a row gets: one as it stands or a telling usual name, before a
// like one or a general usual name.
enum class RoleClaim : uint8_t { kNone, kGeneral, kTelling };
std::array<RoleClaim, kRoles> ClaimsOf(absl::string_view name, const ColumnNames& named);
// Whether a name nested in this one may have a claim.
bool MayHoldClaims(absl::string_view name, const ColumnNames& named);

// InvalidArgument: none of the names, those of a log's first rows, has a claim to a needed role, or to the column that
// is named for it; a column is given by a number. What is not needed may be named and not be there.
absl::Status CheckNames(absl::Span<const absl::string_view> names, const ColumnNames& named);

}  // namespace kindred
