// A server that a benchmark starts, on a free port.
#pragma once

#include <time.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing/child_process.h"

namespace kindred::bench {

class ServerProcess {
 public:
  // `command` prints " port=N" in its first line.
  explicit ServerProcess(std::vector<std::string> command) : process_(std::move(command)) {}

  // Waits until it serves; false: it does not, and output() says why.
  bool WaitUntilItServes() { return process_.ReadUntil("serving") && process_.ReadUntil("\n"); }
  const std::string& output() const { return process_.output(); }
  std::string address() const {
    const std::string& log = process_.output();
    return absl::StrCat("127.0.0.1:", std::atoi(log.c_str() + log.find(" port=") + 6));
  }

  // Of all its threads, so far.
  double CpuSeconds() const {
    clockid_t clock;
    timespec time = {};
    if (::clock_getcpuclockid(process_.pid(), &clock) == 0) ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  // Resident; of that, "anonymous" is the process's own, the rest mapped files that the kernel may drop.
  size_t MemoryKib(const std::string& name) const {
    std::ifstream status(absl::StrCat("/proc/", process_.pid(), "/status"));
    for (std::string field; status >> field;) {
      if (size_t kib = 0; field == name + ":" && status >> kib) return kib;
    }
    return 0;
  }

 private:
  testing::ChildProcess process_;
};

}  // namespace kindred::bench
