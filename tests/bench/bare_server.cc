#include "tests/bench/bare_server.h"

#include <unistd.h>

#include <iostream>

#include "grpcpp/grpcpp.h"
#include "kindred/v1/related_search.grpc.pb.h"

namespace kindred::bench {
namespace {

using Base = v1::RelatedSearchService::WithRawCallbackMethod_GetRelatedKeywords<v1::RelatedSearchService::Service>;

class BareService final : public Base {
 public:
  explicit BareService(int bytes) : slice_(std::string(bytes, 'x')) {}
  grpc::ServerUnaryReactor* GetRelatedKeywords(grpc::CallbackServerContext* context, const grpc::ByteBuffer*,
                                               grpc::ByteBuffer* response) override {
    *response = grpc::ByteBuffer(&slice_, 1);
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const grpc::Slice slice_;
};

}  // namespace

void ServeBare(int bytes) {
  BareService service(bytes);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  std::cout << "serving port=" << port << std::endl;
  while (true) ::pause();
}

}  // namespace kindred::bench
