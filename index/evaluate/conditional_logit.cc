#include "index/evaluate/conditional_logit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace kindred {
namespace {

constexpr int kMaxSteps = 50;
constexpr double kConverged = 1e-7;  // Of the largest change of a standardised weight.

using Vector = std::array<double, kSignalCount>;
using Matrix = std::array<Vector, kSignalCount>;

struct Scale {
  Vector mean{}, deviation{};
};

Scale ScaleOf(absl::Span<const ChoiceGroup> groups) {
  Scale scale;
  double count = 0;
  for (const ChoiceGroup& group : groups) {
    count += static_cast<double>(group.signals.size());
    for (const Signals& x : group.signals) {
      for (int i = 0; i < kSignalCount; ++i) scale.mean[i] += x[i];
    }
  }
  for (double& mean : scale.mean) mean /= std::max(count, 1.);
  for (const ChoiceGroup& group : groups) {
    for (const Signals& x : group.signals) {
      for (int i = 0; i < kSignalCount; ++i) scale.deviation[i] += (x[i] - scale.mean[i]) * (x[i] - scale.mean[i]);
    }
  }
  for (double& deviation : scale.deviation) deviation = std::sqrt(deviation / std::max(count, 1.)) + 1e-9;
  return scale;
}

Vector Standardised(const Signals& x, const Scale& scale) {
  Vector result;
  for (int i = 0; i < kSignalCount; ++i) result[i] = (x[i] - scale.mean[i]) / scale.deviation[i];
  return result;
}

double Dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (int i = 0; i < kSignalCount; ++i) sum += a[i] * b[i];
  return sum;
}

struct Loss {
  double value = 0;
  Vector gradient{};
  Matrix hessian{};
};

// Of a group's candidates: signals, scores and the exponentials of these less the highest.
struct Scratch {
  std::vector<Vector> x;
  std::vector<double> z, e;
};

void AddGroup(const ChoiceGroup& group, const Scale& scale, const Vector& b, Scratch& scratch, Loss& loss) {
  auto& [x, z, e] = scratch;
  x.clear();
  z.clear();
  e.clear();
  for (const Signals& signals : group.signals) {
    x.push_back(Standardised(signals, scale));
    z.push_back(Dot(b, x.back()));
  }
  const double highest = *std::max_element(z.begin(), z.end());
  double sum = 0, chosen = 0;
  for (const double score : z) sum += e.emplace_back(std::exp(score - highest));
  for (const float c : group.chosen) chosen += c;
  loss.value += chosen * (std::log(sum) + highest);
  Vector expected{};
  Matrix square{};
  for (size_t n = 0; n < x.size(); ++n) {
    const double p = e[n] / sum;
    loss.value -= group.chosen[n] * z[n];
    for (int i = 0; i < kSignalCount; ++i) {
      expected[i] += p * x[n][i];
      loss.gradient[i] += (chosen * p - group.chosen[n]) * x[n][i];
      for (int j = 0; j <= i; ++j) square[i][j] += p * x[n][i] * x[n][j];
    }
  }
  for (int i = 0; i < kSignalCount; ++i) {
    for (int j = 0; j <= i; ++j) loss.hessian[i][j] += chosen * (square[i][j] - expected[i] * expected[j]);
  }
}

Loss LossAt(absl::Span<const ChoiceGroup> groups, const Scale& scale, const Vector& b, double l2) {
  Loss loss;
  Scratch scratch;
  for (const ChoiceGroup& group : groups) AddGroup(group, scale, b, scratch, loss);
  loss.value += .5 * l2 * Dot(b, b);
  for (int i = 0; i < kSignalCount; ++i) {
    loss.gradient[i] += l2 * b[i];
    loss.hessian[i][i] += l2;
  }
  return loss;
}

// x of matrix * x = right, by Cholesky. REQUIRES: positive definite; only the lower half is read.
Vector Solve(Matrix matrix, Vector right) {
  for (int i = 0; i < kSignalCount; ++i) {
    for (int j = 0; j <= i; ++j) {
      double sum = matrix[i][j];
      for (int k = 0; k < j; ++k) sum -= matrix[i][k] * matrix[j][k];
      matrix[i][j] = i == j ? std::sqrt(sum) : sum / matrix[j][j];
    }
  }
  for (int i = 0; i < kSignalCount; ++i) {
    for (int k = 0; k < i; ++k) right[i] -= matrix[i][k] * right[k];
    right[i] /= matrix[i][i];
  }
  for (int i = kSignalCount - 1; i >= 0; --i) {
    for (int k = i + 1; k < kSignalCount; ++k) right[i] -= matrix[k][i] * right[k];
    right[i] /= matrix[i][i];
  }
  return right;
}

}  // namespace

Signals FitConditionalLogit(absl::Span<const ChoiceGroup> groups, double l2) {
  const Scale scale = ScaleOf(groups);
  Vector b{};
  Loss loss = LossAt(groups, scale, b, l2);
  for (int step = 0; step < kMaxSteps; ++step) {
    Vector change = Solve(loss.hessian, loss.gradient);
    double largest = 0;
    for (const double c : change) largest = std::max(largest, std::abs(c));
    if (largest < kConverged) break;
    for (int halved = 0; halved < 30; ++halved) {
      Vector next;
      for (int i = 0; i < kSignalCount; ++i) next[i] = b[i] - change[i];
      Loss at_next = LossAt(groups, scale, next, l2);
      if (at_next.value <= loss.value) {
        b = next;
        loss = at_next;
        break;
      }
      for (double& c : change) c /= 2;
    }
  }
  Signals weights;
  for (int i = 0; i < kSignalCount; ++i) weights[i] = static_cast<float>(b[i] / scale.deviation[i]);
  return weights;
}

}  // namespace kindred
