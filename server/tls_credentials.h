// Credentials of a gRPC server that takes its certificate from TlsFiles, anew for each connection.
//
// gRPC's own FileWatcherCertificateProvider (1.51) was not chosen: it lets the old certificate go before it knows that
// the new one can be used, and from then on no client gets in.
#pragma once

#include <memory>

#include "grpcpp/security/server_credentials.h"
#include "server/tls_files.h"

namespace kindred {

// `files` must outlive the server. Where they name authorities, a client without a certificate of theirs is refused.
std::shared_ptr<grpc::ServerCredentials> MakeTlsCredentials(TlsFiles* files);

}  // namespace kindred
