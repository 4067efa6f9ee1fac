// A small log cut into parts, and what its stages leave, for tests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "gtest/gtest.h"
#include "index/log/log_splits.h"
#include "index/stage/stages.h"
#include "tests/testing/random_log.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred::testing {

struct StageNumbers {
  uint64_t split_bytes = 4000;
  uint32_t groups = 3, parts = 4;
};

// Runs every stage up to "mined" into folders of its own.
class StageLog {
 public:
  StageLog(uint32_t seed, int rows) { log.inputs = {WriteRandomLog(dir.File("log.tsv"), seed, rows)}; }

  std::string Folder(const std::string& name) const {
    std::filesystem::create_directories(dir.File(name));
    return dir.File(name);
  }
  StageOptions Out() const { return {.output_dir = Folder("out"), .spill = {}}; }
  void Move(const std::string& from, const std::string& folder, const std::string& name) const {
    std::filesystem::rename(dir.File("out/" + from), Folder(folder) + "/" + name);
  }

  absl::Status Read(const StageNumbers& numbers) {
    ASSIGN_OR_RETURN(const std::vector<LogSplit> splits, PlanSplits(log, numbers.split_bytes));
    for (size_t i = 0; i < splits.size(); ++i) {
      LogOptions part = log;
      part.range = splits[i].range;
      RETURN_IF_ERROR(ReadPart(part, numbers.groups, Out()));
      Move("dictionary", "dictionaries", absl::StrCat("dictionary-", 1000 + i));
      for (uint32_t group = 0; group < numbers.groups; ++group) {
        Move(absl::StrCat("events-", group), absl::StrCat("group-", group), absl::StrCat("events-", 1000 + i));
      }
    }
    ASSIGN_OR_RETURN(const auto blocks, BlocksIn(dir.File("dictionaries"), "dictionary"));
    RETURN_IF_ERROR(MergeDictionaryBlocks(blocks, true, log.max_bad_rows, Out()));
    Move("dictionary", ".", "dictionary");
    return absl::OkStatus();
  }

  absl::Status Mine(const StageNumbers& numbers, const MineOptions& options) {
    for (uint32_t group = 0; group < numbers.groups; ++group) {
      ASSIGN_OR_RETURN(const auto events, BlocksIn(dir.File(absl::StrCat("group-", group)), "events"));
      RETURN_IF_ERROR(VisitUsers(dir.File("dictionary"), events, numbers.parts, options, Out()));
      for (uint32_t part = 0; part < numbers.parts; ++part) {
        Move(absl::StrCat("records-", part), absl::StrCat("part-", part), absl::StrCat("records-", 1000 + group));
      }
      Move("report", "counts", absl::StrCat("report-", 1000 + group));
    }
    for (uint32_t part = 0; part < numbers.parts; ++part) {
      ASSIGN_OR_RETURN(const auto records, BlocksIn(dir.File(absl::StrCat("part-", part)), "records"));
      RETURN_IF_ERROR(CountPart(records, options, Out()));
      Move("counts", "counts", absl::StrCat("counts-", 1000 + part));
    }
    return Merge();
  }

  absl::Status Merge() const {
    ASSIGN_OR_RETURN(const auto counts, BlocksIn(dir.File("counts"), "counts"));
    ASSIGN_OR_RETURN(const auto reports, BlocksIn(dir.File("counts"), "report"));
    RETURN_IF_ERROR(MergeCountBlocks(dir.File("dictionary"), counts, reports, Out()));
    Move("mined", ".", "mined");
    return absl::OkStatus();
  }

  TempDir dir;
  LogOptions log;
};

}  // namespace kindred::testing
