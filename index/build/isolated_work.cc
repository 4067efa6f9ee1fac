#include "index/build/isolated_work.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/program.h"
#include "common/shutdown_signal.h"

namespace kindred {
namespace {

// How long the end of the child, or of a signal, may go unseen. A wait for SIGCHLD would be exact, and would take the
// signal from whoever else in the process waits for a child.
constexpr absl::Duration kLook = absl::Milliseconds(50);

}  // namespace

absl::StatusOr<int> RunIsolated(const std::function<int()>& work) {
  std::cout.flush();  // Or the child would have the text, too.
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return absl::InternalError(absl::StrCat("cannot start a process: ", std::strerror(errno)));
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);    // It died before the line above.
    OnOutOfMemory([] { ::raise(SIGKILL); });  // As the system ends a process that takes too much.
    ::_exit(work());  // In no try block nor noexcept: to unwind to it would end threads that still run, which aborts.
  }
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(child, &status, WNOHANG)) == 0) {
    if (!WaitForShutdownSignal(kLook).has_value()) continue;
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return absl::CancelledError("asked to stop");
  }
  if (ended < 0) return absl::InternalError(absl::StrCat("lost a process: ", std::strerror(errno)));
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  const std::string how = absl::StrCat("ended by signal ", WTERMSIG(status), " (", strsignal(WTERMSIG(status)), ")");
  if (WTERMSIG(status) == SIGKILL) return absl::UnavailableError(absl::StrCat(how, ": out of memory?"));
  return absl::InternalError(how);
}

}  // namespace kindred
