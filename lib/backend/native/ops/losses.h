// Cross entropy of class labels, with weights and labels to ignore, and its gradient, in one pass over the logits.
#pragma once
#include "exp.h"

#include <numeric>

/** A row's softmax times its share in the loss, and log Σ exp. */
struct RowSlopes {
  INLINE static void Run(const float* x, int64_t size, float share, float* out, double* lse) {
    float max;
    double sum;
    ExpRow(x, size, out, &max, &sum);
    const float scale = static_cast<float>(share / sum);
    for (int64_t j = 0; j < size; j++) out[j] *= scale;
    *lse = std::log(sum) + max;
  }
};
inline double Slopes(const float* x, int64_t size, float share, float* out) {
  double lse;
  Fastest<RowSlopes>(x, size, share, out, &lse);
  return lse;
}

/** The share of each row in the loss, its label's weight, in a mean as a part of all, 0 if ignored; returns the weights' sum. */
inline double Shares(const Attrs& attrs, const int32_t* labels, int64_t rows, const float* weight, int64_t classes,
                     float* shares) {
  double total = 0;
  for (int64_t i = 0; i < rows; i++) {
    shares[i] = 0;
    if (labels[i] == attrs.k) continue;
    if (labels[i] < 0 || labels[i] >= classes) {
      throw std::out_of_range("Target " + std::to_string(labels[i]) + " is out of bounds: it is the class at index " +
                              std::to_string(i) + ", and the input has " + std::to_string(classes) + " classes.");
    }
    shares[i] = weight ? weight[labels[i]] : 1.0f;
    total += shares[i];
  }
  for (int64_t i = 0; attrs.op == 'm' && i < rows; i++) {
    if (labels[i] != attrs.k) shares[i] = static_cast<float>(shares[i] / total);
  }
  return total;
}

/**
 * Losses of [n, classes] logits (flag: of logarithms of probabilities) by labels [n], the label k ignored: op 'm'ean, 's'um or
 * 'e'ach; their gradients [n, classes]; and the shares [n]. `weight` has a number per class, or none.
 */
inline void CrossEntropy(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape, ends, weights;
  const float* x = call.Input<float>(0, &shape);
  const int32_t* labels = call.Input<int32_t>(1, &ends);
  const float* weight = call.Input<float>(2, &weights);
  const int64_t rows = shape[0], classes = shape[1];
  float* losses = call.Output<float>(0, attrs.op == 'e' ? ends : std::vector<int64_t>{});
  float* slopes = call.Output<float>(1, shape);
  float* shares = call.Output<float>(2, ends);
  const double total = Shares(attrs, labels, rows, weights[0] ? weight : nullptr, classes, shares);
  std::vector<double> parts(rows);
  ParallelFor(rows, 1 + kGrain / (1 + classes), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const bool counts = labels[i] != attrs.k;
      const float* row = x + i * classes;
      float* slope = slopes + i * classes;
      double part = counts ? -row[labels[i]] : 0;
      if (attrs.flag) {
        std::fill(slope, slope + classes, 0.0f);
      } else {
        const double lse = Slopes(row, classes, shares[i], slope);
        if (counts) part += lse;
      }
      if (counts) slope[labels[i]] -= shares[i];
      parts[i] = counts ? part * shares[i] : 0;
    }
  });
  if (attrs.op == 'e') return void(std::copy(parts.begin(), parts.end(), losses));
  const double loss = std::accumulate(parts.begin(), parts.end(), 0.0);
  *losses = attrs.op == 'm' && total == 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(loss);
}
