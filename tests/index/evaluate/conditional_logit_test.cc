#include "index/evaluate/conditional_logit.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

// Choices as the model has them: each candidate with a probability of exp(weights * signals) over its group's sum.
std::vector<ChoiceGroup> Choices(const Signals& weights, int groups, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal(3, 2);
  std::vector<ChoiceGroup> result;
  for (int g = 0; g < groups; ++g) {
    ChoiceGroup group;
    std::vector<double> odds;
    for (int n = 0; n < 12; ++n) {
      Signals x;
      for (float& signal : x) signal = normal(random);
      odds.push_back(std::exp(std::inner_product(x.begin(), x.end(), weights.begin(), 0.)));
      group.signals.push_back(x);
    }
    group.chosen.assign(odds.size(), 0);
    std::discrete_distribution<size_t> choose(odds.begin(), odds.end());
    ++group.chosen[choose(random)];
    result.push_back(std::move(group));
  }
  return result;
}

Signals Planted() {
  Signals weights;
  for (int i = 0; i < kSignalCount; ++i) weights[static_cast<size_t>(i)] = .4f - .15f * static_cast<float>(i);
  return weights;
}

TEST(ConditionalLogitTest, RecoversPlantedWeights) {
  const Signals fitted = FitConditionalLogit(Choices(Planted(), 20000, 1), 1);
  for (int i = 0; i < kSignalCount; ++i) EXPECT_NEAR(fitted[i], Planted()[i], .02) << i;
}

// The loss of the header, by its words; signals with mean 0 and variance 1 are their own standardised ones.
double LossOf(const std::vector<ChoiceGroup>& groups, const Signals& b, double l2) {
  double loss = 0;
  for (const ChoiceGroup& group : groups) {
    double sum = 0;
    std::vector<double> z;
    for (const Signals& x : group.signals) {
      z.push_back(std::inner_product(x.begin(), x.end(), b.begin(), 0.));
      sum += std::exp(z.back());
    }
    for (size_t i = 0; i < z.size(); ++i) loss += group.chosen[i] * (std::log(sum) - z[i]);
  }
  return loss + .5 * l2 * std::inner_product(b.begin(), b.end(), b.begin(), 0.);
}

TEST(ConditionalLogitTest, NoNearbyWeightsLoseLess) {
  std::vector<ChoiceGroup> groups = Choices(Planted(), 50, 2);
  groups[0].chosen[3] += .3f;
  for (int i = 0; i < kSignalCount; ++i) {
    double sum = 0, squares = 0, count = 0;
    for (const ChoiceGroup& group : groups) {
      for (const Signals& x : group.signals) sum += x[i], squares += x[i] * x[i], ++count;
    }
    const double mean = sum / count, deviation = std::sqrt(squares / count - mean * mean);
    for (ChoiceGroup& group : groups) {
      for (Signals& x : group.signals) x[i] = static_cast<float>((x[i] - mean) / deviation);
    }
  }
  const Signals best = FitConditionalLogit(groups, 5);
  const double least = LossOf(groups, best, 5);
  for (int i = 0; i < kSignalCount; ++i) {
    for (const float change : {-.02f, .02f}) {
      Signals other = best;
      other[i] += change;
      EXPECT_GT(LossOf(groups, other, 5), least) << i << " " << change;
    }
  }
}

TEST(ConditionalLogitTest, ASignalThatNeverVariesHasNoWeight) {
  std::vector<ChoiceGroup> groups = Choices(Planted(), 200, 3);
  for (ChoiceGroup& group : groups) {
    for (Signals& x : group.signals) x[kJaccard] = .5f;
  }
  EXPECT_EQ(FitConditionalLogit(groups, 1)[kJaccard], 0);
}

TEST(ConditionalLogitTest, SurvivesSeparableChoices) {
  ChoiceGroup group;
  group.signals.resize(2);
  group.signals[1][kPair] = 1000;
  group.chosen = {0, 1};
  const Signals fitted = FitConditionalLogit({group}, 1);
  EXPECT_TRUE(std::isfinite(fitted[kPair]));
  EXPECT_GT(fitted[kPair], 0);
}

}  // namespace
}  // namespace kindred
