// Accepts connections and hands each to gRPC, up to a number. gRPC's own listener (1.51) knows no such bound, and one
// that meets the end of the process's file descriptors never accepts again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"

namespace kindred {

// Listens from Listen(), accepts from Start() to Stop() or its end. Methods are for one thread.
class ConnectionAcceptor {
 public:
  // Outcomes as OpenListenSockets().
  static absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> Listen(const std::string& listen);
  ~ConnectionAcceptor();

  int port() const { return port_; }

  // Calls `take` on a thread of the acceptor's own with each connection, which is then the callee's to close. At most
  // `max_connections` beyond the file descriptors that are open now; what comes on top is closed at once, and `refused`
  // called.
  void Start(int max_connections, std::function<void(int listener_fd, int fd)> take, std::function<void()> refused);
  // Ends the thread, and refuses connections from then on.
  void Stop();

 private:
  ConnectionAcceptor(std::vector<int> listeners, int port);
  void Run();
  void AcceptAll(int listener);

  std::vector<int> listeners_;
  const int port_;
  const int stop_fd_;  // An eventfd.
  int fd_limit_ = 0;
  std::function<void(int, int)> take_;
  std::function<void()> refused_;
  std::thread thread_;
};

// Lets this process open as many files as the system allows it; returns how many that is. Call first in main().
int RaiseFileLimit();

}  // namespace kindred
