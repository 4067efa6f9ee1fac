// kindred: asks a Kindred server from the command line.
#include <cstdint>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "client/related_search_client.h"
#include "client/response_format.h"
#include "common/commands.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"

ABSL_FLAG(std::string, server, "127.0.0.1:50051", "HOST:PORT of the Kindred server.");
ABSL_FLAG(absl::Duration, timeout, absl::Seconds(2), "How long to wait for it.");
ABSL_FLAG(uint32_t, max_keywords, 0, "How many keywords to ask for; at most 50. 0: the server's default.");
ABSL_FLAG(std::string, market, "", "Which of the index's markets to ask. Empty: the server's default.");
ABSL_FLAG(std::vector<std::string>, recent, {},
          "The shopper's earlier queries, oldest first, with commas between, so none with a comma: they are not "
          "suggested again.");
ABSL_FLAG(bool, explain, false, "Show the evidence behind each keyword, and what each signal adds to its score.");
ABSL_FLAG(bool, json, false, "Print the response as JSON.");
ABSL_FLAG(bool, tls, false, "Speak TLS. Implied by --tls_ca and --tls_cert.");
ABSL_FLAG(std::string, tls_ca, "", "PEM file of the authorities to trust. Empty: those that the system trusts.");
ABSL_FLAG(std::string, tls_cert, "", "PEM file of this client's certificate, where the server asks for one.");
ABSL_FLAG(std::string, tls_key, "", "PEM file of its key.");
ABSL_FLAG(std::string, token_file, "", "File whose first line is the token to show, where the server asks for one.");

namespace kindred {
namespace {

constexpr char kUsage[] =
    R"(asks a Kindred server.

  kindred related QUERY [--server HOST:PORT] [--max_keywords 8] [--market M] [--recent A,B] [--explain] [--json]
      prints the keywords that go with a shopper's query, best first.
  kindred health [--server HOST:PORT]
      exit status 0: the server takes calls; 1: it does not.

kindred COMMAND --help tells a command's flags. Over TLS: --tls, --tls_ca FILE, --tls_cert FILE --tls_key FILE; with a
token: --token_file FILE.
Exit status: 0 done (a query that nothing is known about too), 1 failed, 2 bad usage.)";

// Empty where the flag is.
absl::StatusOr<std::string> ReadFlagged(const absl::Flag<std::string>& flag) {
  const std::string path = absl::GetFlag(flag);
  if (path.empty()) return "";
  std::ostringstream content;
  if (content << std::ifstream(path, std::ios::binary).rdbuf(); content.good()) return content.str();
  return BadUsage(absl::StrCat("--", flag.Name(), ": ", path, " cannot be read, or is empty"));
}

absl::StatusOr<std::string> ReadPem(const absl::Flag<std::string>& flag) {
  ASSIGN_OR_RETURN(std::string pem, ReadFlagged(flag));
  if (pem.empty() || absl::StrContains(pem, "-----BEGIN ")) return pem;
  return BadUsage(absl::StrCat("--", flag.Name(), ": ", absl::GetFlag(flag), " is no PEM file: such a one has a line ",
                               "\"-----BEGIN ...\"; of DER, openssl x509 -inform der makes one of a certificate, ",
                               "openssl pkey -inform der of a key"));
}

absl::StatusOr<RelatedSearchClient::Options> ClientOptions() {
  RelatedSearchClient::Options options = {.server = absl::GetFlag(FLAGS_server),
                                          .deadline = absl::GetFlag(FLAGS_timeout)};
  if (options.deadline <= absl::ZeroDuration()) return BadUsage("--timeout must be above 0");
  for (const auto& [scheme, tls] : {std::pair("http://", ""), std::pair("https://", " --tls")}) {
    absl::string_view server = options.server;
    if (!absl::ConsumePrefix(&server, scheme)) continue;
    return BadUsage(absl::StrCat("--server ", options.server, ": write --server ", server, tls));
  }
  // gRPC would take a port of its own choice.
  if (!absl::StrContains(options.server, ':') || absl::EndsWith(options.server, "]")) {
    return BadUsage(absl::StrCat("--server ", options.server, ": the port is missing; write --server ", options.server,
                                 ":50051, or the port that kindred-server --listen names"));
  }
  RelatedSearchClient::Tls tls;
  ASSIGN_OR_RETURN(tls.ca, ReadPem(FLAGS_tls_ca));
  ASSIGN_OR_RETURN(tls.certificate, ReadPem(FLAGS_tls_cert));
  ASSIGN_OR_RETURN(tls.key, ReadPem(FLAGS_tls_key));
  if (tls.certificate.empty() != tls.key.empty()) return BadUsage("--tls_cert and --tls_key go together");
  if (absl::GetFlag(FLAGS_tls) || !tls.ca.empty() || !tls.certificate.empty()) options.tls = std::move(tls);
  ASSIGN_OR_RETURN(const std::string tokens, ReadFlagged(FLAGS_token_file));
  options.token = std::string(absl::StripAsciiWhitespace(tokens.substr(0, tokens.find('\n'))));
  return options;
}

// What to try where the server cannot be reached.
absl::Status WithHint(const absl::Status& status) {
  const std::string server = absl::GetFlag(FLAGS_server);
  if (status.code() == absl::StatusCode::kDeadlineExceeded) {
    return absl::DeadlineExceededError(absl::StrCat("no answer from ", server, " within --timeout ",
                                                    absl::FormatDuration(absl::GetFlag(FLAGS_timeout)),
                                                    ": is kindred-server running there (--server HOST:PORT)?"));
  }
  if (status.code() == absl::StatusCode::kUnavailable) {
    const bool nothing_there = absl::StrContains(status.message(), "Connection refused") ||
                               absl::StrContains(status.message(), "DNS resolution failed");
    return absl::UnavailableError(absl::StrCat(
        "no answer from ", server, " (", status.message(), "): is kindred-server running there (--server HOST:PORT)?",
        nothing_there
            ? ""
            : " Do both speak TLS, or neither (--tls)? Is its certificate trusted here (--tls_ca FILE)? Does "
              "it ask for this client's, and do its files belong together (--tls_cert FILE --tls_key FILE)?"));
  }
  if (status.code() == absl::StatusCode::kUnauthenticated) {
    const std::string file = absl::GetFlag(FLAGS_token_file);
    return Annotate(
        absl::UnauthenticatedError(file.empty() ? absl::StrCat(status.message(), "; here: --token_file FILE")
                                                : absl::StrCat("the token in ", file, " is none of this server's")),
        server);
  }
  const absl::Status told = absl::StartsWith(status.message(), server) ? status : Annotate(status, server);
  return absl::IsInvalidArgument(told) ? WithExitCode(told, 2) : told;  // What was asked can never be answered.
}

absl::Status Related(const Arguments& words) {
  const std::string query = absl::StrJoin(words, " ");  // Quotes are easily forgotten.
  if (query.empty()) return BadUsage("what query? kindred related \"gears of war\"");
  v1::GetRelatedKeywordsRequest request;
  request.set_query(query);
  request.set_max_keywords(absl::GetFlag(FLAGS_max_keywords));
  request.set_market(absl::GetFlag(FLAGS_market));
  request.set_explain(absl::GetFlag(FLAGS_explain));
  for (const std::string& recent : absl::GetFlag(FLAGS_recent)) request.add_recent_queries(recent);
  ASSIGN_OR_RETURN(const RelatedSearchClient::Options options, ClientOptions());
  const auto response = RelatedSearchClient(options).GetRelatedKeywords(request);
  if (!response.ok()) return WithHint(response.status());
  if (!absl::GetFlag(FLAGS_json)) {
    std::cout << FormatAsText(request, *response);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string json, FormatAsJson(*response));
  std::cout << json;
  return absl::OkStatus();
}

absl::Status Health(const Arguments& arguments) {
  RETURN_IF_ERROR(NoMoreThan(arguments, 0));
  ASSIGN_OR_RETURN(const RelatedSearchClient::Options options, ClientOptions());
  RETURN_IF_ERROR(WithHint(RelatedSearchClient(options).CheckHealth()));
  std::cout << "serving\n";
  return absl::OkStatus();
}

std::vector<Command> AllCommands() {
  const std::vector<std::string> connection = {"server",   "timeout", "tls",       "tls_ca",
                                               "tls_cert", "tls_key", "token_file"};
  std::vector<std::string> related = {"max_keywords", "market", "recent", "explain", "json"};
  related.insert(related.end(), connection.begin(), connection.end());
  return {{"related",
           "related QUERY [--explain]\n\nThe keywords that go with a shopper's query, best first. A query that nothing "
           "is known about\nhas none: exit status 0, too.",
           std::move(related), Related},
          {"health", "health\n\nExit status 0: the server takes calls; 1: it does not.", connection, Health}};
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  // What is wrong is told in one line: by the server, of a query, or by WithHint().
  google::protobuf::SetLogHandler(nullptr);
  gpr_set_log_function([](gpr_log_func_args* /*args*/) {});
  return kindred::RunCommands(kindred::kUsage, kindred::AllCommands(), argc, argv);
}
