#include "index/build/gate.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::kDay;
using ::kindred::testing::LogBuilder;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

index::v1::IndexInfo MakeInfo(uint64_t version, uint64_t lists, uint64_t sessions = 6000) {
  index::v1::IndexInfo info;
  info.set_version(version);
  index::v1::MarketInfo& market = *info.add_markets();
  market.set_lists(lists);
  market.set_searches(10000);
  market.set_sessions(sessions);
  return info;
}

// One trial a rank, each of a source of its own; all answered, with five keywords that have evidence.
index::v1::HeldOut MakeTrials(const std::vector<uint32_t>& ranks) {
  index::v1::HeldOut held_out;
  for (size_t i = 0; i < ranks.size(); ++i) {
    held_out.add_trials()->set_source(absl::StrCat("source ", i));
    held_out.mutable_trials(static_cast<int>(i))->set_rank(ranks[i]);
  }
  held_out.set_answered(ranks.size());
  held_out.set_keywords(5 * ranks.size());
  return held_out;
}

std::vector<std::string> Objections(const index::v1::Comparison& comparison) {
  return {comparison.objections().begin(), comparison.objections().end()};
}

AskedBoth Asked(const std::vector<uint32_t>& before, const std::vector<uint32_t>& after) {
  AskedBoth asked{.before = MakeTrials(before), .after = MakeTrials(after), .known = {}, .note = ""};
  asked.known.assign(before.size(), true);
  return asked;
}

// A hundred trials, `hits` of them at the first place.
std::vector<uint32_t> Hits(size_t hits) {
  std::vector<uint32_t> ranks(100, 0);
  std::fill(ranks.begin(), ranks.begin() + static_cast<int>(hits), 1);
  return ranks;
}

TEST(CompareTest, EqualVersionsPass) {
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), Asked(Hits(40), Hits(40)))), IsEmpty());
}

TEST(CompareTest, BetterAndLargerPasses) {
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 200), Asked(Hits(40), Hits(60)))), IsEmpty());
}

TEST(CompareTest, WorseByMoreThanTwoErrorsIsRefusedAndLessIsNot) {
  // 3 pairs lost: 3 / 100 worse, standard error sqrt(3 * .97^2 + 97 * .03^2) / 100 = .017.
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), Asked(Hits(40), Hits(37)))), IsEmpty());
  const auto comparison = Compare(MakeInfo(1, 100), MakeInfo(2, 100), Asked(Hits(40), Hits(30)));
  EXPECT_THAT(Objections(comparison),
              ElementsAre(AllOf(HasSubstr("same 100 held-out pairs"), HasSubstr("hit@10"), HasSubstr("0.300")),
                          HasSubstr("mrr@10")));
  EXPECT_EQ(comparison.version(), 1u);
  EXPECT_EQ(comparison.figures(0).name(), "hit@10");
  EXPECT_DOUBLE_EQ(comparison.figures(0).before(), .4);
  EXPECT_DOUBLE_EQ(comparison.figures(0).after(), .3);
  EXPECT_NEAR(comparison.figures(0).standard_error(), .03, 1e-9);
}

// Another sample of the same shoppers: what it never saw searched it cannot be asked.
TEST(CompareTest, PairsThatTheNewLogDoesNotKnowCountOnlyWhereMuchIsLost) {
  AskedBoth asked = Asked(Hits(40), Hits(31));
  std::fill(asked.known.begin() + 28, asked.known.begin() + 40, false);  // Three of them were answered by chance.
  const auto comparison = Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked);
  EXPECT_THAT(Objections(comparison), IsEmpty());
  EXPECT_NEAR(comparison.figures(0).before(), 28 / 88.0, 1e-9);
  EXPECT_NEAR(comparison.figures(0).after(), 28 / 88.0, 1e-9);
  EXPECT_EQ(comparison.figures(2).name(), "hit@10, all pairs");
  EXPECT_NEAR(comparison.figures(2).after(), .31, 1e-9);
  asked = Asked(Hits(40), Hits(28));
  std::fill(asked.known.begin() + 28, asked.known.begin() + 40, false);
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)),
              ElementsAre(HasSubstr("hit@10, all pairs is 0.280"), HasSubstr("mrr@10, all pairs")));
  asked.known.assign(100, false);  // Nothing in common.
  EXPECT_FALSE(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked).objections().empty());
}

TEST(CompareTest, ALossThatNobodyFeelsPasses) {
  std::vector<uint32_t> before(5000, 1), after(5000, 1);
  for (size_t i = 0; i < 20; ++i) after[i] = 0;  // 4.5 standard errors, but .4%.
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), Asked(before, after))), IsEmpty());
}

TEST(CompareTest, TrialsOfOneSourceCountAsOne) {
  AskedBoth asked = Asked(Hits(40), Hits(30));
  for (auto* side : {&asked.before, &asked.after}) {
    for (index::v1::HeldOutTrial& trial : *side->mutable_trials()) trial.set_source("one source");
  }
  const auto comparison = Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked);
  EXPECT_NEAR(comparison.figures(0).standard_error(), 0, 1e-9);  // A single cluster tells nothing of its spread.
  for (auto* side : {&asked.before, &asked.after}) {
    for (int i = 0; i < 100; ++i) side->mutable_trials(i)->set_source(i >= 30 && i < 40 ? "lost" : absl::StrCat(i));
  }
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)), IsEmpty());  // One source's loss alone.
}

TEST(CompareTest, SmallerByMoreThanATenthIsRefused) {
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 90), std::nullopt)), IsEmpty());
  index::v1::IndexInfo active = MakeInfo(1, 100), fresh = MakeInfo(2, 89);
  active.mutable_log()->set_events(500);
  active.mutable_log()->set_last_event_ms(1'764'374'400'000);
  fresh.mutable_log()->set_events(300);
  fresh.mutable_log()->set_last_event_ms(1'759'104'000'000);
  EXPECT_THAT(
      Objections(Compare(active, fresh, std::nullopt)),
      ElementsAre("it knows 89 queries, of 300 events to 2025-09-29, where version 1 knows 100, of 500 events to "
                  "2025-11-29"));
  AskedBoth asked = Asked(Hits(40), Hits(40));
  asked.after.set_answered(90);
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)), IsEmpty());
  asked.after.set_answered(89);
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)), ElementsAre(HasSubstr("answers 89.0%")));
}

TEST(CompareTest, MarketsThatGotOtherNamesAreNamed) {
  AskedBoth asked = Asked(Hits(40), Hits(40));
  asked.after.set_answered(0);
  index::v1::IndexInfo fresh = MakeInfo(2, 100);
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), fresh, asked)), ElementsAre(Not(HasSubstr("markets"))));
  fresh.mutable_markets(0)->set_name("tw");
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), fresh, asked)),
              ElementsAre(HasSubstr(": the markets were \"\" and are \"tw\"")));
}

TEST(CompareTest, MoreKeywordsWithoutEvidenceAreRefused) {
  AskedBoth asked = Asked(Hits(40), Hits(40));
  asked.before.set_keywords_without_evidence(5);
  asked.after.set_keywords_without_evidence(5);
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)), IsEmpty());
  asked.after.set_keywords_without_evidence(6);
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)), ElementsAre(HasSubstr("no evidence")));
}

TEST(CompareTest, MixedUpUsersShowInTheSessions) {
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100, 6000), MakeInfo(2, 100, 7000), std::nullopt)), IsEmpty());
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100, 6000), MakeInfo(2, 100, 8000), std::nullopt)),
              ElementsAre(HasSubstr("20.0% of its log's searches follow another one")));
}

TEST(CompareTest, SpoiledNewestRowsShowInTheBuildsOwnQuality) {
  index::v1::IndexInfo active = MakeInfo(1, 100), fresh = MakeInfo(2, 100);
  for (auto* info : {&active, &fresh}) {
    info->add_quality()->set_name("hit@10");
    info->mutable_quality(0)->set_standard_error(.02);
  }
  active.mutable_quality(0)->set_value(.3);
  fresh.mutable_quality(0)->set_value(.23);
  EXPECT_THAT(Objections(Compare(active, fresh, std::nullopt)), IsEmpty());  // Other weeks, other figures.
  fresh.mutable_quality(0)->set_value(.2);
  EXPECT_THAT(Objections(Compare(active, fresh, std::nullopt)), ElementsAre(HasSubstr("newest rows may be spoiled")));
}

TEST(CompareTest, RanksThatAreNoTestDoNotCount) {
  AskedBoth asked = Asked(Hits(40), Hits(10));
  asked.ranks_count = false;
  asked.note = "it begins too late";
  const auto comparison = Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked);
  EXPECT_THAT(Objections(comparison), IsEmpty());
  EXPECT_THAT(FormatComparison(comparison), AllOf(HasSubstr("0.1000"), HasSubstr("note: it begins too late")));
}

TEST(CompareTest, AThinnerLogMayLoseALittleMore) {
  AskedBoth asked = Asked(Hits(60), Hits(54));
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)), Not(IsEmpty()));
  asked.missing = .2;
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)), IsEmpty());
  asked = Asked(Hits(60), Hits(45));
  asked.missing = .2;
  EXPECT_THAT(Objections(Compare(MakeInfo(1, 100), MakeInfo(2, 100), asked)), Not(IsEmpty()));
}

TEST(FormatRefusalTest, SaysWhyAndHowToGoOn) {
  auto comparison = Compare(MakeInfo(1, 100), MakeInfo(2, 50), std::nullopt);
  EXPECT_THAT(FormatRefusal(comparison, 2, "/srv/kindred"),
              AllOf(HasSubstr("version 2 is kept but not published"), HasSubstr("knows 50 queries"),
                    HasSubstr("publish --index /srv/kindred 2"), HasSubstr("--force"), Not(HasSubstr("more reason"))));
  comparison.add_objections("second");
  EXPECT_THAT(
      FormatRefusal(comparison, 2, "/srv/kindred"),
      AllOf(HasSubstr("and for 1 more reason (kindred-index list --index /srv/kindred 2)"), Not(HasSubstr("second"))));
  comparison.add_objections("third");
  EXPECT_THAT(FormatRefusal(comparison, 2, "/srv/kindred"), HasSubstr("and for 2 more reasons ("));
}

// Campers search a tent, then a stove, on each of ten days from `first_day` on.
LoadedLog Camping(int first_day) {
  LogBuilder builder;
  for (int day = first_day; day < first_day + 10; ++day) {
    for (int i = 0; i < 3; ++i) {
      const std::string user = absl::StrCat("u", day, "-", i);
      builder.Search(user, day * kDay, "tent").Search(user, day * kDay + 60, "stove");
    }
  }
  LoadedLog log;
  log.first_event_ms = LogBuilder::kStartMs + static_cast<int64_t>(first_day * kDay) * 1000;
  log.markets = builder.Tables();
  return log;
}

TEST(AskBothTest, AnEqualLogAnswersEquallyAndALateOneIsAskedWhole) {
  TrialOptions options;
  options.rank.min_users = 2;
  const LoadedLog log = Camping(0);
  index::v1::IndexInfo active = MakeInfo(1, 2);
  active.mutable_log()->set_first_event_ms(log.first_event_ms);
  const int64_t cut = log.first_event_ms + int64_t{7} * 24 * 3600 * 1000;
  const auto before_cut = [&](const LoadedLog& rows) { return *IndexBefore::Build(rows.markets, cut, options); };
  ASSERT_OK_AND_ASSIGN(*active.mutable_held_out(), before_cut(log)->HoldOut());
  ASSERT_EQ(active.held_out().trials_size(), 1);  // Distinct pairs.
  EXPECT_EQ(active.held_out().trials(0).rank(), 1u);

  ASSERT_OK_AND_ASSIGN(const AskedBoth same, AskBoth(active, log, options, before_cut(log)));
  EXPECT_TRUE(same.ranks_count);
  EXPECT_EQ(same.note, "");
  EXPECT_EQ(same.after.trials(0).rank(), 1u);

  TrialOptions none = options;
  none.rank.min_users = 1000;
  ASSERT_OK_AND_ASSIGN(auto same_cut, IndexBefore::Build(log.markets, cut, none));
  ASSERT_OK_AND_ASSIGN(const AskedBoth given, AskBoth(active, log, options, std::move(same_cut)));
  EXPECT_THAT(given.known, ElementsAre(false)) << "the index that was given is the one to ask";

  const LoadedLog next_day = Camping(1), late = Camping(5), apart = Camping(20);
  ASSERT_OK_AND_ASSIGN(const AskedBoth slid, AskBoth(active, next_day, options, before_cut(next_day)));
  EXPECT_TRUE(slid.ranks_count);
  EXPECT_DOUBLE_EQ(slid.missing, 1. / 7);
  EXPECT_EQ(slid.note, "");
  for (const LoadedLog* log : {&late, &apart}) {
    ASSERT_OK_AND_ASSIGN(const AskedBoth later, AskBoth(active, *log, options, before_cut(*log)));
    EXPECT_FALSE(later.ranks_count) << "it has the answers";
    EXPECT_THAT(later.note, HasSubstr("all of it was asked"));
  }
  ASSERT_OK_AND_ASSIGN(const AskedBoth disjoint, AskBoth(active, apart, options, before_cut(apart)));
  EXPECT_EQ(disjoint.after.answered(), 1u);
}

TEST(GateCutTest, StaysWhileAsMuchOfTheLogLiesBeforeIt) {
  const LoadedLog log = Camping(0);
  const int64_t latest = GateCutMs(log, nullptr);
  index::v1::IndexInfo active = MakeInfo(1, 2);
  active.mutable_held_out()->set_cut_ms(latest - 60'000);
  EXPECT_EQ(GateCutMs(log, &active), latest) << "it kept no trials";
  active.mutable_held_out()->add_trials();
  EXPECT_EQ(GateCutMs(log, &active), latest - 60'000);
  for (const int64_t moved : {log.first_event_ms, latest + 60'000}) {
    active.mutable_held_out()->set_cut_ms(moved);
    EXPECT_EQ(GateCutMs(log, &active), latest);
  }
}

TEST(SizeNoteTest, TellsOfWhatServersWillRefuse) {
  const TempDir dir;
  const IndexRoot root(dir.path());
  EXPECT_EQ(SizeNote(root, MakeInfo(3, 50), MakeInfo(2, 100)), "");
  EXPECT_THAT(SizeNote(root, MakeInfo(3, 49), MakeInfo(2, 100)),
              AllOf(HasSubstr("it has 49 queries, version 2 has 100"),
                    HasSubstr(absl::StrCat("touch ", dir.path(), "/3/ACCEPT_SIZE; servers look again"))));
  EXPECT_EQ(SizeNote(root, MakeInfo(1, 1), MakeInfo(2, 100)), "") << "going back is never refused";
  std::filesystem::create_directory(dir.path() + "/3");
  dir.Write("3/ACCEPT_SIZE", "");
  EXPECT_EQ(SizeNote(root, MakeInfo(3, 49), MakeInfo(2, 100)), "") << "they were told to take it";
}

}  // namespace
}  // namespace kindred
