#include "tests/bench/load_generator.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

namespace kindred::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Stub = grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;

double Microseconds(Clock::duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

struct Shared {
  const std::string& method;
  const std::vector<grpc::ByteBuffer>& requests;
  std::atomic<size_t>& next;
  const Clock::time_point end;
  absl::BlockingCounter running;
};

// One of the calls in flight: when it ends, its place is taken by the next.
class Slot {
 public:
  Slot(Shared* shared, Stub* stub) : shared_(shared), stub_(stub) {}

  void Start() {
    started_ = Clock::now();
    if (started_ >= shared_->end) {
      shared_->running.DecrementCount();
      return;
    }
    context_ = std::make_unique<grpc::ClientContext>();
    const size_t request = shared_->next.fetch_add(1, std::memory_order_relaxed) % shared_->requests.size();
    stub_->UnaryCall(context_.get(), shared_->method, {}, &shared_->requests[request], &response_,
                     [this](const grpc::Status& status) {
                       if (status.ok()) {
                         latencies_us_.push_back(static_cast<float>(Microseconds(Clock::now() - started_)));
                       } else {
                         ++failed_;
                       }
                       Start();
                     });
  }

  const std::vector<float>& latencies_us() const { return latencies_us_; }
  int64_t failed() const { return failed_; }

 private:
  Shared* const shared_;
  Stub* const stub_;
  Clock::time_point started_;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer response_;
  std::vector<float> latencies_us_;
  int64_t failed_ = 0;
};

std::vector<grpc::ByteBuffer> ToBuffers(const std::vector<std::string>& requests) {
  std::vector<grpc::ByteBuffer> buffers;
  for (const std::string& request : requests) {
    const grpc::Slice slice(request);
    buffers.emplace_back(&slice, 1);
  }
  return buffers;
}

std::vector<std::unique_ptr<Stub>> Connect(const std::string& address, int connections) {
  std::vector<std::unique_ptr<Stub>> stubs;
  for (int i = 0; i < connections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // A connection of its own.
    auto channel = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
    channel->WaitForConnected(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    stubs.push_back(std::make_unique<Stub>(std::move(channel)));
  }
  return stubs;
}

}  // namespace

struct Caller::Rep {
  const std::string method;
  const std::vector<grpc::ByteBuffer> requests;
  const std::vector<std::unique_ptr<Stub>> stubs;
  std::atomic<size_t> next = 0;
};

Caller::Caller(const std::string& address, std::string method, int connections,
               const std::vector<std::string>& requests)
    : rep_(new Rep{std::move(method), ToBuffers(requests), Connect(address, connections)}) {}
Caller::~Caller() = default;

size_t Caller::sent() const { return rep_->next; }

Measured Caller::Run(int in_flight, absl::Duration duration) {
  const Clock::time_point start = Clock::now();
  Shared shared{rep_->method, rep_->requests, rep_->next, start + absl::ToChronoNanoseconds(duration),
                absl::BlockingCounter(in_flight)};
  std::vector<std::unique_ptr<Slot>> slots;
  for (int i = 0; i < in_flight; ++i) {
    slots.push_back(std::make_unique<Slot>(&shared, rep_->stubs[static_cast<size_t>(i) % rep_->stubs.size()].get()));
  }
  for (const auto& slot : slots) slot->Start();
  shared.running.Wait();
  const double took_us = Microseconds(Clock::now() - start);

  Measured measured;
  std::vector<float> latencies;
  for (const auto& slot : slots) {
    latencies.insert(latencies.end(), slot->latencies_us().begin(), slot->latencies_us().end());
    measured.failed += slot->failed();
  }
  std::sort(latencies.begin(), latencies.end());
  measured.calls = static_cast<int64_t>(latencies.size());
  measured.calls_per_second = static_cast<double>(latencies.size()) / took_us * 1e6;
  if (!latencies.empty()) {
    measured.p50_us = latencies[latencies.size() / 2];
    measured.p99_us = latencies[latencies.size() * 99 / 100];
  }
  return measured;
}

std::vector<PacedCall> Run(const PacedLoad& load, const std::vector<std::string>& requests) {
  const std::vector<grpc::ByteBuffer> buffers = ToBuffers(requests);
  const std::vector<std::unique_ptr<Stub>> stubs = Connect(load.address, load.connections);
  const auto count = static_cast<size_t>(load.calls_per_second * absl::ToDoubleSeconds(load.duration));
  struct Call {
    grpc::ClientContext context;
    grpc::ByteBuffer response;
  };
  std::vector<PacedCall> calls(count);  // Each written by its own callback.
  absl::BlockingCounter running(static_cast<int>(count));
  const Clock::time_point start = Clock::now();
  for (size_t i = 0; i < count; ++i) {
    calls[i].at = absl::Seconds(static_cast<double>(i) / load.calls_per_second);
    const Clock::time_point due = start + absl::ToChronoNanoseconds(calls[i].at);
    if (Clock::now() < due) std::this_thread::sleep_until(due);
    auto* const call = new Call;  // Deletes itself.
    stubs[i % stubs.size()]->UnaryCall(&call->context, load.method, {}, &buffers[i % buffers.size()], &call->response,
                                       [&calls, &running, call, due, i](const grpc::Status& status) {
                                         calls[i].latency_us = Microseconds(Clock::now() - due);
                                         calls[i].failed = !status.ok();
                                         delete call;
                                         running.DecrementCount();
                                       });
  }
  running.Wait();
  return calls;
}

}  // namespace kindred::bench
