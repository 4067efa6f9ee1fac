#include "index/build/version_commands.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>

#include "absl/algorithm/container.h"
#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/gate.h"
#include "index/build/version_format.h"
#include "index/store/index_info_file.h"
#include "index/store/index_reader.h"
#include "index/store/size_check.h"
#include "index/text/normalized_query.h"
#include "kindred/index/v1/index_info.pb.h"

ABSL_FLAG(std::string, index, "", "the index's folder, which holds its versions");
ABSL_FLAG(std::string, market, "", "the market to look in; empty: the index's default");
ABSL_FLAG(int, keep, 3,
          "how many of the newest versions to keep, the active one counted where it is new enough; it and the one "
          "before it always stay");

namespace kindred {
namespace {

constexpr char kInspectUsage[] =
    R"(inspect --index DIR "gears of war" [VERSION]

A query's keywords in a version, or else in the active one, with the evidence behind each: people who searched both
(0: no more than chance brings together), those who did so afterwards, products clicked after both, words in both; then
the signals, before their weights. kindred related --explain shows what each adds to the score.)";

absl::StatusOr<IndexVersion> ParseVersion(const std::string& text) {
  IndexVersion version = 0;
  if (!absl::SimpleAtoi(text, &version) || version == 0) {
    return BadUsage(absl::StrCat("\"", text, "\" is not a version number; kindred-index list shows them"));
  }
  return version;
}

// For a look at what is there: every byte was read when the version was built, and verify reads it again.
IndexReader::Options Unverified() {
  IndexReader::Options options;
  options.verification = Verification::kSizes;
  return options;
}

std::string ListLine(const index::v1::IndexInfo& info, bool active) {
  std::string quality = "-";
  for (const index::v1::QualityFigure& figure : info.quality()) {
    if (figure.name() == "hit@10") quality = absl::StrFormat("%.3f", figure.value());
  }
  const std::string worse =
      info.comparison().objections_size() == 0 ? "" : absl::StrCat("  worse than ", info.comparison().version());
  return absl::StrFormat(
      "%-8d %-7s %-20s %10d %12d  %-7s %s%s\n", info.version(), active ? "active" : "",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(info.built_at_ms()), absl::UTCTimeZone()),
      CountLists(info), info.bytes(), quality, info.content_checksum(), worse);
}

absl::Status List(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 1));
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  const IndexRoot root(dir);
  if (!arguments.empty()) {
    ASSIGN_OR_RETURN(const IndexVersion version, WantedVersion(root, arguments[0]));
    ASSIGN_OR_RETURN(const index::v1::IndexInfo info, ReadIndexInfo(root.VersionPath(version)));
    std::cout << FormatVersion(info);
    return absl::OkStatus();
  }
  // In this order: a version that is published meanwhile is there before ACTIVE names it.
  ASSIGN_OR_RETURN(const std::optional<IndexVersion> active, root.Active());
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, SomeVersions(root));
  std::cout << absl::StrFormat("%-8s %-7s %-20s %10s %12s  %-7s %s\n", "VERSION", "", "BUILT", "LISTS", "BYTES",
                               "HIT@10", "CHECKSUM");
  for (const IndexVersion version : versions) {
    const auto reader = IndexReader::Open(root.VersionPath(version), Unverified());
    if (reader.ok()) {
      std::cout << ListLine((*reader)->info(), version == active);
    } else {
      std::cout << absl::StrFormat("%-8d %-7s %s\n", version, version == active ? "active" : "",
                                   reader.status().message());
    }
  }
  if (!active.has_value()) {
    std::cout << "none is active: kindred-index publish --index " << dir << " VERSION publishes one\n";
  } else if (!absl::c_linear_search(versions, *active)) {
    return absl::NotFoundError(absl::StrCat(root.ActivePath(), ": names version ", *active, ", which is missing; ",
                                            "kindred-index publish --index ", dir, " VERSION names another"));
  }
  return absl::OkStatus();
}

// IndexRootWriter::Open() makes a folder that is missing, for builds; here its name was mistyped.
absl::StatusOr<std::unique_ptr<IndexRootWriter>> OpenExisting(const std::string& dir) {
  RETURN_IF_ERROR(SomeVersions(IndexRoot(dir)).status());
  return IndexRootWriter::Open(dir);
}

absl::Status Rollback(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const auto root, OpenExisting(dir));
  ASSIGN_OR_RETURN(const IndexVersion version, root->Rollback());
  std::cout << "version " << version << " is active again\n";
  return absl::OkStatus();
}

absl::Status Publish(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 1));
  if (arguments.empty()) return BadUsage("publish VERSION: which one? kindred-index list shows them");
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const IndexVersion version, WantedVersion(IndexRoot(dir), arguments[0]));
  ASSIGN_OR_RETURN(const auto root, IndexRootWriter::Open(dir));
  ASSIGN_OR_RETURN(const std::optional<IndexVersion> before, root->root().Active());
  RETURN_IF_ERROR(root->Publish(version));
  std::cout << "version " << version << " is active\n";
  if (before.has_value()) {
    const auto info = ReadIndexInfo(root->root().VersionPath(version));
    const auto info_before = ReadIndexInfo(root->root().VersionPath(*before));
    if (info.ok() && info_before.ok()) std::cout << SizeNote(root->root(), *info, *info_before);
  }
  return absl::OkStatus();
}

absl::Status Verify(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 1));
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  const IndexRoot root(dir);
  ASSIGN_OR_RETURN(const IndexVersion version,
                   WantedVersion(root, arguments.empty() ? std::nullopt : std::make_optional(arguments[0])));
  const auto reader = IndexReader::Open(root.VersionPath(version), {});
  if (absl::IsDataLoss(reader.status())) {
    return absl::DataLossError(absl::StrCat(reader.status().message(),
                                            "; publish another version, which kindred-index ", "list --index ", dir,
                                            " shows, or build again"));
  }
  RETURN_IF_ERROR(reader.status());
  if (const IndexVersion held = (*reader)->info().version(); held != version) {
    return absl::FailedPreconditionError(
        absl::StrCat(root.VersionPath(version), ": holds version ", held, ", not ", version, ": rename it back"));
  }
  std::cout << "version " << version << " is sound: " << (*reader)->info().files_size() << " files, "
            << (*reader)->info().rows() << " rows\n";
  return absl::OkStatus();
}

absl::Status Prune(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(const int keep, VersionsToKeep());
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const auto root, OpenExisting(dir));
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> pruned, root->Prune(keep));
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> kept, root->root().Versions());
  std::cout << (pruned.empty()
                    ? "nothing to prune"
                    : absl::StrCat("pruned version", pruned.size() == 1 ? " " : "s ", absl::StrJoin(pruned, ", ")))
            << "; kept: " << (kept.empty() ? "none" : absl::StrJoin(kept, ", ")) << '\n';
  return absl::OkStatus();
}

void PrintList(const NormalizedQuery& query, const RelatedList& list) {
  std::cout << absl::StrFormat("\"%s\" (looked up as \"%s\"), searched by %d people\n", list.display, query.text(),
                               list.users);
  std::cout << absl::StrFormat("%3s %8s %6s %6s %9s %6s", "", "score", "users", "after", "products", "words");
  for (const absl::string_view name : kSignalNames) std::cout << absl::StrFormat(" %9s", name);
  std::cout << "  keyword\n";
  int place = 0;
  for (const Candidate& c : list.candidates) {
    std::cout << absl::StrFormat("%3d %8.3f %6d %6d %9d %6d", ++place, c.score, c.evidence.users,
                                 c.evidence.users_after, c.evidence.shared_products, c.evidence.shared_words);
    for (int i = 0; i < kSignalCount; ++i) {
      std::cout << absl::StrFormat(" %9.*f", i == kJaccard ? 2 : 1, c.signals[static_cast<size_t>(i)]);
    }
    std::cout << "  " << c.keyword << "\n";
  }
}

absl::Status Inspect(const Arguments& arguments) {
  if (arguments.empty()) return BadUsage("inspect \"QUERY\": which query?");
  const bool versioned = arguments.size() == 2 && absl::c_all_of(arguments[1], absl::ascii_isdigit);
  if (arguments.size() > 1 && !versioned) {
    return BadUsage("inspect \"QUERY\" [VERSION]: a query of several words stands in quotes");
  }
  ASSIGN_OR_RETURN(const std::string dir, IndexDir());
  ASSIGN_OR_RETURN(const NormalizedQuery query, NormalizeQuery(arguments[0]));
  if (query.empty()) return BadUsage(absl::StrCat("inspect \"", arguments[0], "\": nothing is left of it to look up"));
  const IndexRoot root(dir);
  ASSIGN_OR_RETURN(const IndexVersion version,
                   WantedVersion(root, versioned ? std::make_optional(arguments[1]) : std::nullopt));
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(root.VersionPath(version), Unverified()));
  std::string market = absl::GetFlag(FLAGS_market);
  if (market.empty()) market = reader->info().default_market();
  if (reader->documents(market) == 0) {
    std::vector<std::string> markets;
    for (const index::v1::MarketInfo& known : reader->info().markets()) markets.push_back(known.name());
    return absl::NotFoundError(absl::StrCat("version ", version, " has no market \"", market, "\"; it has \"",
                                            absl::StrJoin(markets, "\", \""), "\""));
  }
  const std::string where = absl::StrCat("version ", version, market.empty() ? "" : ", market ", market);
  ASSIGN_OR_RETURN(const std::optional<RelatedListView> list, reader->Find(market, query));
  if (!list.has_value()) {
    std::cout << where << ": no list is stored for \"" << query.text() << "\"; a server looks for near queries\n";
    return absl::OkStatus();
  }
  std::cout << where << ": ";
  PrintList(query, static_cast<RelatedList>(*list));
  return absl::OkStatus();
}

}  // namespace

bool IndexIsGiven() { return !absl::GetFlag(FLAGS_index).empty(); }

absl::StatusOr<std::string> IndexDir() {
  const std::string dir = absl::GetFlag(FLAGS_index);
  if (dir.empty()) return BadUsage("--index DIR is missing: the folder that holds the index's versions");
  return dir;
}

absl::StatusOr<int> VersionsToKeep() {
  const int keep = absl::GetFlag(FLAGS_keep);
  if (keep < 1) return BadUsage("--keep must be at least 1");
  return keep;
}

absl::StatusOr<std::vector<IndexVersion>> SomeVersions(const IndexRoot& root) {
  absl::StatusOr<std::vector<IndexVersion>> versions = root.Versions();
  if (!versions.ok() && !absl::IsNotFound(versions.status())) return versions.status();
  if (versions.ok() && !versions->empty()) return versions;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(root.path(), ignored)) {
    return absl::NotFoundError(absl::StrCat(root.path(), ": is a file; --index names the folder of an index"));
  }
  return absl::NotFoundError(
      absl::StrCat(root.path(), versions.ok() ? ": holds no version of an index" : ": there is no such folder",
                   "; kindred-index build --index ", root.path(), " --input LOG makes one"));
}

absl::StatusOr<IndexVersion> WantedVersion(const IndexRoot& root, const std::optional<std::string>& text) {
  if (text.has_value()) {
    ASSIGN_OR_RETURN(const IndexVersion version, ParseVersion(*text));
    ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, SomeVersions(root));
    if (std::find(versions.begin(), versions.end(), version) != versions.end()) return version;
    return absl::NotFoundError(
        absl::StrCat(root.path(), ": no version ", version, "; its versions: ", absl::StrJoin(versions, ", ")));
  }
  ASSIGN_OR_RETURN(const std::optional<IndexVersion> active, root.Active());
  if (active.has_value()) return *active;
  ASSIGN_OR_RETURN(const std::vector<IndexVersion> versions, SomeVersions(root));
  return absl::NotFoundError(
      absl::StrCat(root.path(), ": no version is published yet; its versions: ", absl::StrJoin(versions, ", "),
                   "; kindred-index publish --index ", root.path(), " VERSION publishes one"));
}

std::vector<Command> MakeVersionCommands() {
  return {
      {"list",
       "list --index DIR [VERSION]\n\nThe versions, their size, quality and content checksum; of one version all that\n"
       "it records of itself, and how it did beside the version that was active before it.",
       {"index"},
       List},
      {"publish", "publish --index DIR VERSION\n\nMakes a version the active one.", {"index"}, Publish},
      {"rollback",
       "rollback --index DIR\n\nGoes back to the version that was active before, and from there no more to the\n"
       "one that it left: publish takes that.",
       {"index"},
       Rollback},
      {"verify",
       "verify --index DIR [VERSION]\n\nReads every byte of a version, or else of the active one, and checks it.",
       {"index"},
       Verify},
      {"prune",
       "prune --index DIR --keep 3\n\nDeletes old versions, never the active one nor the one before it.",
       {"index", "keep"},
       Prune},
      {"inspect", kInspectUsage, {"index", "market"}, Inspect},
  };
}

}  // namespace kindred
