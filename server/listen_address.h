// HOST:PORT to listen on, as flags give it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

struct ListenAddress {
  std::string host;   // A name, or an IPv4 or IPv6 address without brackets.
  uint16_t port = 0;  // 0: any free one.
};

// "127.0.0.1:50051", "[::1]:50051", "localhost:0".  InvalidArgument: anything else; the message shows an example.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

// Sockets that listen on every address that `text` names, at one port.
struct ListenSockets {
  std::vector<int> fds = {};  // Non-blocking; the caller's to close.
  int port = 0;
};
//   InvalidArgument: as above.  Unavailable: the name is unknown, the port in use or reserved, or the address not this
//   machine's; the message says which.
absl::StatusOr<ListenSockets> OpenListenSockets(absl::string_view text);

// Whether only this machine reaches what listens there. A name that is not known is not local.
//   InvalidArgument: as above.
absl::StatusOr<bool> IsLoopback(absl::string_view text);

}  // namespace kindred
