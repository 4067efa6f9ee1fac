#include "tests/bench/http2_calls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"

namespace kindred::bench {
namespace {

// RFC 9113.
enum FrameType : uint8_t { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4, kPing = 6, kGoAway = 7, kWindow = 8 };
constexpr uint8_t kEndStream = 1, kAck = 1, kEndHeaders = 4;
constexpr size_t kFrameHeader = 9;
constexpr uint32_t kMostWindow = 0x7fffffff, kFirstWindow = 0xffff;

std::string BigEndian(uint32_t value, int bytes = 4) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += static_cast<char>(value >> shift);
  return text;
}

uint32_t ReadBigEndian(absl::string_view text) {
  uint32_t value = 0;
  for (const char c : text) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

void AppendFrame(FrameType type, uint8_t flags, uint32_t stream, absl::string_view payload, std::string& out) {
  absl::StrAppend(&out, BigEndian(static_cast<uint32_t>(payload.size()), 3));
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  absl::StrAppend(&out, BigEndian(stream), payload);
}

// Of a call, as RFC 7541 has it: literals that no table keeps, but for ":method: POST" and ":scheme: http".
std::string HeaderBlock(absl::string_view method) {
  std::string block = "\x83\x86";
  const auto literal = [&block](absl::string_view name, absl::string_view value) {
    for (const absl::string_view text : {name, value}) {
      if (text.data() == name.data()) block += '\0';
      block += static_cast<char>(text.size());  // Below 127.
      absl::StrAppend(&block, text);
    }
  };
  literal(":path", method);
  literal(":authority", "127.0.0.1");
  literal("content-type", "application/grpc");
  literal("te", "trailers");
  return block;
}

// One connection and the calls on it.
class Connection {
 public:
  Connection(int fd, std::string header_block) : fd_(fd), header_block_(std::move(header_block)) {
    out_ = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    // No table of headers, so that the server's are literals; windows that nothing fills.
    AppendFrame(kSettings, 0, 0, BigEndian(1, 2) + BigEndian(0) + BigEndian(4, 2) + BigEndian(kMostWindow), out_);
    AppendFrame(kWindow, 0, 0, BigEndian(kMostWindow - kFirstWindow), out_);
  }
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }
  bool HasRoomFor(absl::string_view request) const { return window_ >= static_cast<int64_t>(request.size() + 5); }
  bool wants_to_write() const { return !out_.empty(); }

  // REQUIRES: HasRoomFor(request).
  void Add(absl::string_view request, SentCall* call, absl::Time now) {
    const auto stream = static_cast<uint32_t>(1 + 2 * calls_.size());
    calls_.push_back({call, now});
    AppendFrame(kHeaders, kEndHeaders, stream, header_block_, out_);
    const std::string message =
        absl::StrCat(absl::string_view("\0", 1), BigEndian(static_cast<uint32_t>(request.size())), request);
    AppendFrame(kData, kEndStream, stream, message, out_);
    window_ -= static_cast<int64_t>(message.size());
  }

  absl::Status Write() {
    if (out_.empty()) return absl::OkStatus();
    const ssize_t written = ::send(fd_, out_.data(), out_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (written < 0 && errno != EAGAIN) return absl::UnavailableError(std::strerror(errno));
    if (written > 0) out_.erase(0, static_cast<size_t>(written));
    return absl::OkStatus();
  }

  // Adds the calls that were answered to `answered`.
  absl::Status Read(size_t& answered) {
    char buffer[1 << 16];
    const ssize_t got = ::recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (got == 0) return absl::UnavailableError("the server closed a connection");
    if (got < 0) return errno == EAGAIN ? absl::OkStatus() : absl::UnavailableError(std::strerror(errno));
    in_.append(buffer, static_cast<size_t>(got));
    const absl::Time now = absl::Now();
    size_t at = 0;
    while (in_.size() - at >= kFrameHeader) {
      const absl::string_view frame = absl::string_view(in_).substr(at);
      const size_t length = ReadBigEndian(frame.substr(0, 3));
      if (frame.size() < kFrameHeader + length) break;
      RETURN_IF_ERROR(Take(static_cast<FrameType>(frame[3]), static_cast<uint8_t>(frame[4]),
                           ReadBigEndian(frame.substr(5, 4)), frame.substr(kFrameHeader, length), now, answered));
      at += kFrameHeader + length;
    }
    in_.erase(0, at);
    return absl::OkStatus();
  }

 private:
  struct Sent {
    SentCall* call;
    absl::Time at;
  };

  absl::Status Take(FrameType type, uint8_t flags, uint32_t stream, absl::string_view payload, absl::Time now,
                    size_t& answered) {
    switch (type) {
      case kHeaders:
      case kReset: {
        if (type == kHeaders && (flags & kEndStream) == 0) break;
        const Sent& sent = calls_[stream / 2];
        sent.call->took_ms = absl::ToDoubleMilliseconds(now - sent.at);
        constexpr absl::string_view kStatus = "grpc-status\x01";
        const size_t status = payload.find(kStatus);
        if (type == kHeaders && status != absl::string_view::npos) {
          sent.call->code = payload[status + kStatus.size()] - '0';
        }
        ++answered;
        break;
      }
      case kSettings:
        if ((flags & kAck) == 0) AppendFrame(kSettings, kAck, 0, "", out_);
        break;
      case kPing:
        if ((flags & kAck) == 0) AppendFrame(kPing, kAck, 0, payload, out_);
        break;
      case kWindow:
        if (stream == 0) window_ += ReadBigEndian(payload);
        break;
      case kGoAway:
        return absl::UnavailableError("the server wants no more calls on a connection");
      case kData:
        break;
    }
    return absl::OkStatus();
  }

  const int fd_;
  const std::string header_block_;
  std::string out_, in_;
  int64_t window_ = kFirstWindow;  // Of the connection: what the server still takes.
  std::vector<Sent> calls_;        // By stream.
};

absl::StatusOr<std::unique_ptr<Connection>> Connect(const PoissonLoad& load) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto connection = std::make_unique<Connection>(fd, HeaderBlock(load.method));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(load.port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return absl::UnavailableError(absl::StrCat("127.0.0.1:", load.port, ": ", std::strerror(errno)));
  }
  return connection;
}

}  // namespace

absl::StatusOr<std::vector<SentCall>> Send(const PoissonLoad& load, const std::vector<std::string>& requests) {
  std::vector<std::unique_ptr<Connection>> connections;
  std::vector<pollfd> polled;
  for (int i = 0; i < load.connections; ++i) {
    ASSIGN_OR_RETURN(auto connection, Connect(load));
    polled.push_back({connection->fd(), POLLIN, 0});
    connections.push_back(std::move(connection));
  }
  std::vector<SentCall> calls(static_cast<size_t>(load.calls_per_second * absl::ToDoubleSeconds(load.duration)));
  std::mt19937_64 random(1);
  std::exponential_distribution<double> gap(load.calls_per_second);
  size_t next = 0, answered = 0;
  absl::Time due = absl::Now();
  absl::Time give_up = absl::InfiniteFuture();
  while (answered < calls.size() && absl::Now() < give_up) {
    for (absl::Time now = absl::Now(); next < calls.size() && due <= now; now = absl::Now()) {
      Connection& connection = *connections[next % connections.size()];
      const std::string& request = requests[next % requests.size()];
      if (!connection.HasRoomFor(request)) break;
      calls[next].late_ms = absl::ToDoubleMilliseconds(now - due);
      connection.Add(request, &calls[next++], now);
      RETURN_IF_ERROR(connection.Write());
      due += absl::Seconds(gap(random));
      if (next == calls.size()) give_up = now + absl::Seconds(5);
    }
    const absl::Duration idle = next < calls.size() ? due - absl::Now() : absl::Milliseconds(10);
    const timespec timeout = absl::ToTimespec(std::max(idle, absl::ZeroDuration()));
    for (size_t i = 0; i < polled.size(); ++i) {
      polled[i].events = static_cast<short>(connections[i]->wants_to_write() ? POLLIN | POLLOUT : POLLIN);
    }
    if (::ppoll(polled.data(), polled.size(), &timeout, nullptr) <= 0) continue;
    for (size_t i = 0; i < polled.size(); ++i) {
      if ((polled[i].revents & ~POLLOUT) != 0) RETURN_IF_ERROR(connections[i]->Read(answered));
      RETURN_IF_ERROR(connections[i]->Write());
    }
  }
  return calls;
}

}  // namespace kindred::bench
