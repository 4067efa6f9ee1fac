#include <iostream>

#include "kindred/client/related_search_client.h"

int main() {
  const kindred::RelatedSearchClient client({.server = "127.0.0.1:1"});  // Where nothing answers.
  kindred::v1::GetRelatedKeywordsRequest request;
  request.set_query("gears of war");
  const auto response = client.GetRelatedKeywords(request);
  std::cout << response.status() << '\n';
  return response.ok() ? 1 : 0;
}
