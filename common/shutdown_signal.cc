#include "common/shutdown_signal.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "absl/time/clock.h"

namespace kindred {
namespace {

sigset_t ShutdownSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  struct sigaction hangup {};
  // A signal that is blocked is not thrown away though it is ignored.
  if (sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

void BlockShutdownSignals() {
  sigset_t signals = ShutdownSignals();
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

int WaitForShutdownSignal() {
  const sigset_t signals = ShutdownSignals();
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  return signal;
}

std::optional<int> WaitForShutdownSignal(absl::Duration timeout) {
  const sigset_t signals = ShutdownSignals();
  const absl::Time end = absl::Now() + timeout;
  while (true) {
    const timespec left = absl::ToTimespec(std::max(absl::ZeroDuration(), end - absl::Now()));
    const int signal = sigtimedwait(&signals, nullptr, &left);
    if (signal > 0) return signal;
    if (errno != EINTR) return std::nullopt;
  }
}

}  // namespace kindred
