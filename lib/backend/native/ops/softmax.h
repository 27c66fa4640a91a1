// Softmax, its logarithm, and log Σ exp, along adjacent axes.
#pragma once
#include "exp.h"

/** So many columns are taken at once where the axis is not the last. */
constexpr int64_t kColumns = 8 * kWide;

/** log Σ exp of elements whose largest is `max` and whose exponentials, less that, add up to `sum`; `nan` if one of them is NaN. */
inline float LogSum(float max, double sum, bool nan) {
  if (std::isinf(max) && !nan) return max;
  return static_cast<float>(std::log(sum)) + max;
}

inline bool AnyNan(const float* x, int64_t size, int64_t step) {
  for (int64_t i = 0; i < size; i++) {
    if (IsNan(x[i * step])) return true;
  }
  return false;
}

/** Of contiguous rows: 's'oftmax, its 'l'ogarithm, or the logarithm of the 'e'xponentials' sum, one for each row. */
struct SoftmaxRows {
  INLINE static void Run(int op, const float* x, int64_t rows, int64_t size, float* out) {
    std::vector<float> scratch(op == 'e' ? size : 0);
    for (int64_t i = 0; i < rows; i++, x += size, out += op == 'e' ? 1 : size) {
      float max;
      double sum;
      ExpRow(x, size, op == 'e' ? scratch.data() : out, &max, &sum);
      if (op == 'e') {
        *out = LogSum(max, sum, std::isinf(max) && AnyNan(x, size, 1));
      } else if (op == 'l') {
        const float log = static_cast<float>(std::log(sum));
        for (int64_t j = 0; j < size; j++) out[j] = x[j] - max - log;
      } else {
        const float total = static_cast<float>(sum);
        for (int64_t j = 0; j < size; j++) out[j] /= total;
      }
    }
  }
};

/** The same along `size` rows that lie `step` apart, of `n` ≤ kColumns elements. */
struct SoftmaxColumns {
  INLINE static void Run(int op, const float* x, int64_t size, int64_t step, int64_t n, float* out) {
    float max[kColumns], e[kColumns] = {};
    double sum[kColumns] = {};
    std::fill(max, max + kColumns, -std::numeric_limits<float>::infinity());
    for (int64_t i = 0; i < size; i++) {
      for (int64_t j = 0; j < n; j++) max[j] = x[i * step + j] > max[j] ? x[i * step + j] : max[j];
    }
    for (int64_t i = 0; i < size; i++) {
      for (int64_t j = 0; j < n; j++) e[j] = x[i * step + j] - max[j];
      for (int64_t j = 0; j < kColumns; j += kWide) {
        Floats v;
        Read(e + j, &v);
        Exp(v, &v);
        std::memcpy(e + j, &v, sizeof v);
      }
      for (int64_t j = 0; j < n; j++) sum[j] += e[j];
      if (op == 's') std::copy(e, e + n, out + i * step);
    }
    if (op == 'e') {
      for (int64_t j = 0; j < n; j++) out[j] = LogSum(max[j], sum[j], std::isinf(max[j]) && AnyNan(x + j, size, step));
      return;
    }
    float total[kColumns];
    for (int64_t j = 0; j < n; j++) total[j] = static_cast<float>(op == 's' ? sum[j] : std::log(sum[j]));
    for (int64_t i = 0; i < size; i++) {
      float* row = out + i * step;
      if (op == 's') {
        for (int64_t j = 0; j < n; j++) row[j] /= total[j];
      } else {
        for (int64_t j = 0; j < n; j++) row[j] = x[i * step + j] - max[j] - total[j];
      }
    }
  }
};

/** Along `k` axes from `axis` on, which have elements; for 'e' they stay, of size 1, if keep, and else go. */
inline void Softmax(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const float* x = call.Input<float>(0, &shape);
  const Dims dims(shape, attrs.axis, attrs.k + 1);
  const int op = attrs.op;
  if (op == 'e') shape = Reduced(shape, attrs);
  float* out = call.Output<float>(0, shape);
  const int64_t size = dims.size, inner = dims.inner, made = op == 'e' ? 1 : size;
  if (size * inner == 0) return;
  if (inner == 1) {
    ParallelFor(dims.outer, 1 + kGrain / size, [&](int64_t begin, int64_t end) {
      Fastest<SoftmaxRows>(op, x + begin * size, end - begin, size, out + begin * made);
    });
    return;
  }
  EachTile(dims, kColumns, [&](int64_t o, int64_t from, int64_t n) {
    const float* first = x + o * size * inner + from;
    Fastest<SoftmaxColumns>(op, first, size, inner, n, out + o * made * inner + from);
  });
}
