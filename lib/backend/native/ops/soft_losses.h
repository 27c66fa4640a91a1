// Cross entropy against probabilities of all classes, or labels of which a part is spread over all.
#pragma once
#include "losses.h"

/** {@link ExpRow}, for {@link Fastest}. */
struct Exponentials {
  INLINE static void Run(const float* x, int64_t size, float* out, float* max, double* sum) {
    ExpRow(x, size, out, max, sum);
  }
};

/**
 * Losses of [n, classes] logits: op 'm'ean, 's'um or 'e'ach; their gradients [n, classes]; and the mass [n] of each row's target.
 * The target of class j is w[j] · ((1 − bound) · q[j] + bound / classes), q the probabilities [n, classes] or, if those are empty,
 * 1 at the label of [n], the label k ignored. `weight` w has a number per class, or none.
 */
inline void SoftCrossEntropy(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape, soft, ends, weights;
  const float* x = call.Input<float>(0, &shape);
  const float* q = call.Input<float>(1, &soft);
  const int32_t* labels = call.Input<int32_t>(2, &ends);
  const float* weight = call.Input<float>(3, &weights);
  const int64_t rows = shape[0], classes = shape[1];
  const bool hard = soft.size() == 1, each = attrs.op == 'e';
  if (!weights[0]) weight = nullptr;
  float* losses = call.Output<float>(0, each ? std::vector<int64_t>{rows} : std::vector<int64_t>{});
  float* slopes = call.Output<float>(1, shape);
  float* masses = call.Output<float>(2, {rows});
  const double total = hard ? Shares(attrs, labels, rows, weight, classes, masses) : rows;
  const float part = attrs.op == 'm' ? static_cast<float>(1 / total) : 1.0f;
  const float own = 1.0f - attrs.bound, spread = attrs.bound / classes;
  std::vector<double> parts(rows);
  ParallelFor(rows, 1 + kGrain / (1 + classes), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const float* row = x + i * classes;
      float* slope = slopes + i * classes;
      float max;
      double sum, loss = 0, mass = 0;
      Fastest<Exponentials>(row, classes, slope, &max, &sum);
      masses[i] = 0;
      if (hard && labels[i] == attrs.k) {
        const float none = static_cast<float>(0 / sum);  // NaN stays
        for (int64_t j = 0; j < classes; j++) slope[j] *= none;
        continue;
      }
      const auto target = [&](int64_t j) {
        const float wanted = (hard ? (j == labels[i]) * own : q[i * classes + j] * own) + spread;
        return weight ? wanted * weight[j] : wanted;
      };
      const float log_sum = static_cast<float>(std::log(sum));
      for (int64_t j = 0; j < classes; j++) {
        loss += target(j) * (log_sum - (row[j] - max));
        mass += target(j);
      }
      masses[i] = static_cast<float>(mass * part);
      const float scale = static_cast<float>(masses[i] / sum);
      for (int64_t j = 0; j < classes; j++) slope[j] = slope[j] * scale - target(j) * part;
      parts[i] = loss;
    }
  });
  if (each) return void(std::copy(parts.begin(), parts.end(), losses));
  const double loss = std::accumulate(parts.begin(), parts.end(), 0.0);
  *losses = static_cast<float>(attrs.op == 'm' ? loss / total : loss);
}
