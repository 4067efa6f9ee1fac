// Asks a Kindred server for related keywords, within a page's budget of time.
//
//   kindred::RelatedSearchClient client({.server = "search.example:50051"});
//   kindred::v1::GetRelatedKeywordsRequest request;
//   request.set_query("gears of war");
//   const auto response = client.GetRelatedKeywords(request);
//   if (!response.ok()) ...  // Show the page without related searches.
//
// Link kindred::client; see README.md.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kindred/v1/related_search.pb.h"

namespace kindred {

// Thread-safe. Make one and keep it: it owns the connection, which is made at the first call and again when it is lost.
class RelatedSearchClient {
 public:
  // Contents of PEM files, not their names. Make a new client where they change.
  struct Tls {
    std::string ca = {};           // Whose certificates to trust; empty: those that the system trusts.
    std::string certificate = {};  // Of this client, with its key, where the server asks for one. Both or neither.
    std::string key = {};
  };
  struct Options {
    std::string server = "127.0.0.1:50051";  // HOST:PORT; any gRPC target, such as "dns:///kindred:50051", will do.
    absl::Duration deadline = absl::Milliseconds(200);  // Of a call as a whole, tries and waits between them included.
    // How often a call is tried that the server could not take (UNAVAILABLE), or ended because it stopped (CANCELLED);
    // other errors are never tried again. 1 to 5.
    int max_attempts = 3;
    std::optional<Tls> tls = std::nullopt;  // None: plain text.
    std::string token = {};                 // Shown with each call, as "authorization: Bearer TOKEN". Empty: none.
  };

  explicit RelatedSearchClient(const Options& options);
  ~RelatedSearchClient();

  // A query that nothing is known about is OK: no keywords, MATCH_NONE. Errors of both calls:
  //   InvalidArgument: a field breaks its limit; the message names both.  Unavailable: no server there, after retries.
  //   ResourceExhausted: shed under overload.  DeadlineExceeded.  Unauthenticated: the token is none of the server's.
  //   Others: as the server says.
  absl::StatusOr<v1::GetRelatedKeywordsResponse> GetRelatedKeywords(const v1::GetRelatedKeywordsRequest& request) const;
  absl::StatusOr<v1::BatchGetRelatedKeywordsResponse> BatchGetRelatedKeywords(
      const v1::BatchGetRelatedKeywordsRequest& request) const;

  // OK: the server takes calls (grpc.health.v1).  FailedPrecondition: it says that it does not.  Else as above. Needs
  // no token.
  absl::Status CheckHealth() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace kindred
