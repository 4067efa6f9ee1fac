// Runs kindred-index as a person does, for tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "tests/testing/child_process.h"

namespace kindred::testing {

inline constexpr char kProgram[] = KINDRED_BINARY_DIR "/bin/kindred-index";

struct Outcome {
  int status;
  std::string output;
};

// Waits for its end.
inline Outcome RunProgram(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), kProgram);
  ChildProcess child(std::move(arguments));
  const int status = child.Wait();
  return {status, child.output()};
}

// The rows of a log but its header.
inline std::vector<std::string> Rows(const std::string& log) {
  std::vector<std::string> rows = absl::StrSplit(log, '\n', absl::SkipEmpty());
  rows.erase(rows.begin());
  return rows;
}

}  // namespace kindred::testing
