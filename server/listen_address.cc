#include "server/listen_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

// Connections that wait to be accepted; the kernel takes its own limit where that is lower.
constexpr int kBacklog = 4096;
// What was sent and is not acknowledged for so long ends the connection, as in gRPC's own listeners.
constexpr unsigned kUnacknowledgedMs = 20'000;

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

absl::StatusOr<Addresses> Resolve(const ListenAddress& address) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(address.host.c_str(), absl::StrCat(address.port).c_str(), &hints, &found);
  if (error != 0)
    return absl::UnavailableError(absl::StrCat("no address of \"", address.host, "\": ", ::gai_strerror(error)));
  return Addresses(found, &::freeaddrinfo);
}

bool IsLoopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(address);
    return (ntohl(v4->sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
  }
  return address->sa_family == AF_INET6 &&
         IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

void SetPort(sockaddr* address, int port) {
  // The same place in both families.
  reinterpret_cast<sockaddr_in*>(address)->sin_port = htons(static_cast<uint16_t>(port));
}

int PortOf(int fd) {
  sockaddr_storage address = {};
  socklen_t length = sizeof(address);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

// -1 and errno where it cannot. What is set here, connections inherit.
int Listen(const addrinfo& address) {
  const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  const unsigned patience = kUnacknowledgedMs;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof(patience));
  if (::bind(fd, address.ai_addr, address.ai_addrlen) == 0 && ::listen(fd, kBacklog) == 0) return fd;
  const int error = errno;
  ::close(fd);
  errno = error;
  return -1;
}

absl::string_view Explain(int error) {
  switch (error) {
    case EADDRINUSE:
      return "the port is in use";
    case EADDRNOTAVAIL:
      return "the address is not this machine's";
    case EACCES:
      return "the port is reserved for root";
    default:
      return std::strerror(error);
  }
}

}  // namespace

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  absl::string_view host = text.substr(0, std::min(colon, text.size()));
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const absl::string_view port_text = colon == absl::string_view::npos ? "" : text.substr(colon + 1);
  uint32_t port = 0;
  const bool digits = !port_text.empty() && absl::c_all_of(port_text, absl::ascii_isdigit);
  if (host.empty() || host.find_first_of("[]") != host.npos || absl::StrContains(host, ':') != bracketed || !digits ||
      !absl::SimpleAtoi(port_text, &port) || port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is no HOST:PORT, such as 127.0.0.1:50051, 0.0.0.0:50051 or [::1]:50051"));
  }
  return ListenAddress{std::string(host), static_cast<uint16_t>(port)};
}

absl::StatusOr<ListenSockets> OpenListenSockets(absl::string_view text) {
  ASSIGN_OR_RETURN(const ListenAddress address, ParseListenAddress(text));
  ASSIGN_OR_RETURN(const Addresses addresses, Resolve(address));
  ListenSockets sockets{.port = address.port};
  int error = 0;
  for (addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    SetPort(each->ai_addr, sockets.port);
    const int fd = Listen(*each);
    if (fd < 0) {
      error = errno;
      // "localhost" may name an IPv6 address where the machine has none; but half a port would get half the calls.
      if (error == EADDRINUSE) break;
      continue;
    }
    sockets.fds.push_back(fd);
    sockets.port = PortOf(fd);
  }
  if (!sockets.fds.empty() && error != EADDRINUSE) return sockets;
  for (const int fd : sockets.fds) ::close(fd);
  return absl::UnavailableError(Explain(error));
}

absl::StatusOr<bool> IsLoopback(absl::string_view text) {
  ASSIGN_OR_RETURN(const ListenAddress address, ParseListenAddress(text));
  const absl::StatusOr<Addresses> addresses = Resolve(address);
  if (!addresses.ok()) return false;
  for (const addrinfo* each = addresses->get(); each != nullptr; each = each->ai_next) {
    if (!IsLoopback(each->ai_addr)) return false;
  }
  return true;
}

}  // namespace kindred
