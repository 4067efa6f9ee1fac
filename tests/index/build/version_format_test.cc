#include "index/build/version_format.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/evaluate/weight_fit.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(FormatVersionTest, OfManyInputsNamesTheFirst) {
  index::v1::IndexInfo info;
  for (const char* input : {"a.tsv", "b.tsv", "c.tsv", "d.tsv"}) info.add_inputs(input);
  EXPECT_THAT(FormatVersion(info), HasSubstr("of a.tsv, b.tsv, c.tsv, d.tsv\n"));
  info.add_inputs("e.tsv");
  EXPECT_THAT(FormatVersion(info), HasSubstr("of a.tsv, b.tsv, c.tsv, d.tsv and 1 more\n"));
}

TEST(FormatVersionTest, ShowsWhatItIsAndHowItComparedWithTheActiveOne) {
  index::v1::IndexInfo info;
  info.set_version(7);
  info.add_inputs("log.tsv");
  info.mutable_log()->set_rows(90);
  for (const char* market : {"jp", "tw"}) {
    info.add_markets()->set_name(market);
    info.mutable_markets(info.markets_size() - 1)->set_keywords(20);
  }
  info.set_default_market("tw");
  EXPECT_THAT(FormatVersion(info),
              AllOf(HasSubstr("version 7: built 1970-01-01T00:00:00Z"), HasSubstr("90 rows"), HasSubstr("of log.tsv"),
                    HasSubstr("40 keywords"), HasSubstr("markets: jp (0 lists), tw (0 lists; the default)\n"),
                    HasSubstr("not measured"), HasSubstr("none was active")));
  info.add_quality()->set_name("hit@10");
  info.mutable_quality(0)->set_value(.25);
  info.mutable_comparison()->set_version(6);
  info.mutable_comparison()->add_objections("it knows less");
  index::v1::ComparedFigure& figure = *info.mutable_comparison()->add_figures();
  figure.set_name("hit@10");
  figure.set_before(.5);
  figure.set_after(.25);
  EXPECT_THAT(FormatVersion(info), AllOf(HasSubstr("hit@10 0.250"), HasSubstr("compared with version 6"),
                                         HasSubstr("-0.2500"), HasSubstr("worse: it knows less")));
}

TEST(FormatVersionTest, ItsWeightsCanBeGivenToABuild) {
  index::v1::IndexInfo info;
  EXPECT_THAT(FormatVersion(info), Not(HasSubstr("weights")));  // Of a program that did not record them.
  Signals weights = kDefaultWeights;
  weights[0] = 1.f / 3;
  for (const float weight : weights) info.add_weights(weight);
  const std::string text = FormatVersion(info);
  const std::string begin = "  ranked with --weights=";
  const size_t at = text.find(begin) + begin.size();
  const std::string written = text.substr(at, text.find('\n', at) - at);
  EXPECT_THAT(written, HasSubstr(",0.13,-0.11,0.22,1.6,"));
  ASSERT_OK_AND_ASSIGN(const WeightChoice choice, ParseWeights(written));
  EXPECT_EQ(choice.weights, weights);
}

TEST(FormatVersionTest, SaysWhetherItsWeightsWereLearned) {
  index::v1::IndexInfo info;
  for (const float weight : kDefaultWeights) info.add_weights(weight);
  EXPECT_THAT(FormatVersion(info), AllOf(Not(HasSubstr("learned")), Not(HasSubstr("constants"))));
  info.set_weights_fitted_ms(1);
  EXPECT_THAT(FormatVersion(info), HasSubstr("the constants: those learned from a log were no better"));
  info.set_weights(0, 1);
  EXPECT_THAT(FormatVersion(info), HasSubstr(", learned at 1970-01-01 00:00"));
}

}  // namespace
}  // namespace kindred
