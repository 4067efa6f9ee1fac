#include "server/connection_acceptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/status_macros.h"
#include "server/listen_address.h"

namespace kindred {
namespace {

// How long to leave connections waiting where the machine, not this process, is out of file descriptors or memory.
constexpr int kOutOfResourcesMs = 100;

// The number below which `connections` file descriptors are free.
int LimitFor(int connections) {
  std::set<int> open;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    if (int fd = 0; absl::SimpleAtoi(entry.path().filename().string(), &fd)) open.insert(fd);
  }
  int limit = connections;
  for (const int fd : open) {
    // Looking took one too, which is closed by now.
    if (fd < limit && ::fcntl(fd, F_GETFD) != -1) ++limit;
  }
  return limit;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> ConnectionAcceptor::Listen(const std::string& listen) {
  ASSIGN_OR_RETURN(ListenSockets sockets, OpenListenSockets(listen));
  return std::unique_ptr<ConnectionAcceptor>(new ConnectionAcceptor(std::move(sockets.fds), sockets.port));
}

ConnectionAcceptor::ConnectionAcceptor(std::vector<int> listeners, int port)
    : listeners_(std::move(listeners)), port_(port), stop_fd_(::eventfd(0, EFD_CLOEXEC)) {}

ConnectionAcceptor::~ConnectionAcceptor() {
  Stop();
  ::close(stop_fd_);
}

void ConnectionAcceptor::Start(int max_connections, std::function<void(int, int)> take, std::function<void()> refused) {
  fd_limit_ = LimitFor(max_connections);
  take_ = std::move(take);
  refused_ = std::move(refused);
  thread_ = std::thread([this] { Run(); });
}

void ConnectionAcceptor::Stop() {
  if (thread_.joinable()) {
    ::eventfd_write(stop_fd_, 1);
    thread_.join();
  }
  for (const int fd : listeners_) ::close(fd);
  listeners_.clear();
}

void ConnectionAcceptor::Run() {
  std::vector<pollfd> ready;
  for (const int fd : listeners_) ready.push_back({fd, POLLIN, 0});
  ready.push_back({stop_fd_, POLLIN, 0});
  while (true) {
    ::poll(ready.data(), ready.size(), -1);
    if (ready.back().revents != 0) return;
    for (size_t i = 0; i + 1 < ready.size(); ++i) {
      if (ready[i].revents != 0) AcceptAll(ready[i].fd);
    }
  }
}

void ConnectionAcceptor::AcceptAll(int listener) {
  while (true) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      pollfd stop = {stop_fd_, POLLIN, 0};
      if (errno != EAGAIN) ::poll(&stop, 1, kOutOfResourcesMs);
      return;
    }
    // The kernel gives the lowest number that is free, so that a number tells how many are open at least.
    if (fd < fd_limit_) {
      take_(listener, fd);
    } else {
      ::close(fd);
      refused_();
    }
  }
}

int RaiseFileLimit() {
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t was = std::exchange(limit.rlim_cur, limit.rlim_max);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = was;
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1 << 30));
}

}  // namespace kindred
