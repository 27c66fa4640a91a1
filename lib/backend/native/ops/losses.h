// Cross entropy of class labels, with weights and labels to ignore, and its gradient, in one pass over the logits.
#pragma once
#include "call.h"

#include <cmath>
#include <limits>

// Vector code for newer processors is chosen when it runs; what it calls must be inlined to become part of it.
#define INLINE inline __attribute__((always_inline))

typedef float Floats __attribute__((vector_size(32)));
typedef int32_t Ints __attribute__((vector_size(32)));
constexpr int64_t kWide = 8;

INLINE void Read(const float* from, Floats* to) { std::memcpy(to, from, sizeof *to); }

/** eˣ for x ≤ 0 within an ulp or two (Cephes' expf), 0 from where it is denormal; NaN of NaN. */
INLINE void Exp(const Floats& x, Floats* out) {
  const Floats shifter = Floats{} + 12582912.0f;  // 1.5 · 2²³: adding it rounds to an integer
  const Ints vanishes = x < -87.0f;
  const Floats t = x * 1.44269504f + shifter;
  const Floats n = t - shifter;
  const Floats r = x - n * 0.693359375f + n * 2.12194440e-4f;
  Floats y = r * 1.9875691500e-4f + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * r * r + r + 1.0f;
  const Ints scaled = reinterpret_cast<Ints>(y) + ((reinterpret_cast<Ints>(t) - reinterpret_cast<Ints>(shifter)) << 23);
  const Ints nan = x != x;
  *out = reinterpret_cast<Floats>((nan & reinterpret_cast<Ints>(x)) | (~nan & ~vanishes & scaled));
}

/** Calls `fn` with eight elements at a time, the last ones filled up with `filler`, and with their place. */
template <typename Fn>
INLINE void EachEight(const float* x, int64_t size, float filler, Fn fn) {
  int64_t i = 0;
  Floats v;
  for (; i + kWide <= size; i += kWide) {
    Read(x + i, &v);
    fn(v, i, kWide);
  }
  if (i == size) return;
  float rest[kWide];
  std::fill(std::copy(x + i, x + size, rest), rest + kWide, filler);
  Read(rest, &v);
  fn(v, i, size - i);
}

/** e^(x − max) for a row, its max and the sum. */
INLINE void ExpRow(const float* x, int64_t size, float* out, float* max, double* sum) {
  constexpr float kLeast = -std::numeric_limits<float>::infinity();
  Floats most = Floats{} + kLeast;
  EachEight(x, size, kLeast, [&](const Floats& v, int64_t, int64_t) __attribute__((always_inline)) {
    const Ints more = v > most;
    most = reinterpret_cast<Floats>((more & reinterpret_cast<Ints>(v)) | (~more & reinterpret_cast<Ints>(most)));
  });
  float top = most[0];
  for (int j = 1; j < kWide; j++) top = std::max(top, most[j]);
  Floats part = {};
  double total = 0;
  EachEight(x, size, kLeast, [&](const Floats& v, int64_t i, int64_t n) __attribute__((always_inline)) {
    Floats e;
    Exp(v - top, &e);
    std::memcpy(out + i, &e, n * sizeof(float));
    part += e;
    if (i % 512 != 0 && i + n < size) return;
    for (int j = 0; j < kWide; j++) total += part[j];
    part = Floats{};
  });
  *max = top;
  *sum = total;
}

using RowFn = void (*)(const float*, int64_t, float*, float*, double*);
inline void PlainRow(const float* x, int64_t size, float* out, float* max, double* sum) {
  ExpRow(x, size, out, max, sum);
}
#ifdef __x86_64__
__attribute__((target("avx2,fma"))) inline void Avx2Row(const float* x, int64_t size, float* out, float* max,
                                                       double* sum) {
  ExpRow(x, size, out, max, sum);
}
inline RowFn FastestRow() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? Avx2Row : PlainRow;
}
#else
inline RowFn FastestRow() { return PlainRow; }
#endif

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
  static const RowFn exp_row = FastestRow();
  std::vector<int64_t> shape, ends, weights;
  const float* x = call.Input<float>(0, &shape);
  const int32_t* labels = call.Input<int32_t>(1, &ends);
  const float* weight = call.Input<float>(2, &weights);
  const int64_t rows = shape[0], classes = shape[1];
  float* losses = call.Output<float>(0, attrs.op == 'e' ? ends : std::vector<int64_t>{});
  float* slopes = call.Output<float>(1, shape);
  float* shares = call.Output<float>(2, ends);
  const double total = Shares(attrs, labels, rows, weights[0] ? weight : nullptr, classes, shares);
  double loss = 0;
  for (int64_t i = 0; i < rows; i++, x += classes, slopes += classes) {
    const bool counts = labels[i] != attrs.k;
    double row = counts ? -x[labels[i]] : 0;
    if (attrs.flag) {
      std::fill(slopes, slopes + classes, 0.0f);
    } else {
      float max;
      double sum;
      exp_row(x, classes, slopes, &max, &sum);
      if (counts) row = std::log(sum) - (x[labels[i]] - max);
      const float scale = static_cast<float>(shares[i] / sum);
      for (int64_t j = 0; j < classes; j++) slopes[j] *= scale;
    }
    if (!counts) row = 0;
    else slopes[labels[i]] -= shares[i];
    if (attrs.op == 'e') losses[i] = counts ? static_cast<float>(row * shares[i]) : 0.0f;
    else if (counts) loss += row * shares[i];
  }
  if (attrs.op == 'm' && total == 0) loss = std::numeric_limits<double>::quiet_NaN();
  if (attrs.op != 'e') *losses = static_cast<float>(loss);
}
