// A TCP connection to this machine on which the test may send anything, or nothing.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "absl/strings/string_view.h"

namespace kindred::testing {

class RawConnection {
 public:
  // `receive_bytes`: the receive buffer, where it should be a small one.
  explicit RawConnection(int port, int receive_bytes = 0) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (receive_bytes > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~RawConnection() { ::close(fd_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool connected() const { return connected_; }

  // As much as the other end takes at once.
  void Send(absl::string_view bytes) const { ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT); }

  // Says that nothing more comes.
  void FinishSending() const { ::shutdown(fd_, SHUT_WR); }

  // The bytes that come before `text` does, and with it; all of them where the other end closes first, or says nothing
  // for a minute.
  std::string ReadUntil(absl::string_view text) const {
    std::string read;
    while (read.find(std::string(text)) == std::string::npos && ReadMore(&read)) {
    }
    return read;
  }
  // Whether the other end closes the connection within a minute.
  bool WaitForEnd() const {
    std::string ignored;
    while (ReadMore(&ignored)) {
    }
    return ended_;
  }
  // Vanishes with a reset instead of a goodbye.
  void Reset() {
    const linger none = {1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
  }

 private:
  bool ReadMore(std::string* read) const {
    pollfd ready = {fd_, POLLIN, 0};
    if (::poll(&ready, 1, 60'000) <= 0) return false;
    char buffer[4096];
    const ssize_t bytes = ::recv(fd_, buffer, sizeof(buffer), 0);
    ended_ = bytes <= 0;
    if (!ended_) read->append(buffer, bytes);
    return !ended_;
  }

  const int fd_;
  bool connected_ = false;
  mutable bool ended_ = false;
};

}  // namespace kindred::testing
