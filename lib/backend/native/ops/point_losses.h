// Losses of numbers against targets, each with its slope, in one pass; alone, summed or averaged.
#pragma once
#include "activations.h"

/** What one kind of loss makes of eight elements and their targets. */
#define LOSS(name)                                                                              \
  struct name {                                                                                 \
    float bound;                                                                                \
    INLINE void operator()(const Floats& x, const Floats& t, Floats* loss, Floats* slope) const; \
  };                                                                                            \
  INLINE void name::operator()(const Floats& x, const Floats& t, Floats* loss, Floats* slope) const

/** {@link Exp} of any x. */
INLINE void ExpAny(const Floats& x, Floats* out) {
  Exp(x, out);
  *out = x > 88.722839f ? Floats{} + std::numeric_limits<float>::infinity() : *out;
}

/** ln x within an ulp or two (Cephes' logf). */
INLINE void Log(const Floats& x, Floats* out) {
  const Floats inf = Floats{} + std::numeric_limits<float>::infinity();
  const Ints tiny = x < 1.17549435e-38f;
  const Ints bits = reinterpret_cast<Ints>(tiny ? x * 33554432.0f : x);  // 2²⁵
  const Floats half = reinterpret_cast<Floats>((bits & 0x7fffff) | 0x3f000000);
  const Ints low = half < 0.707106781f;
  const Floats e = __builtin_convertvector((bits >> 23) - 126 + low - (tiny & 25), Floats);
  const Floats m = low ? half + half - 1.0f : half - 1.0f;
  const Floats square = m * m;
  Floats y = m * 7.0376836292e-2f - 1.1514610310e-1f;
  y = y * m + 1.1676998740e-1f;
  y = y * m - 1.2420140846e-1f;
  y = y * m + 1.4249322787e-1f;
  y = y * m - 1.6668057665e-1f;
  y = y * m + 2.0000714765e-1f;
  y = y * m - 2.4999993993e-1f;
  y = y * m + 3.3333331174e-1f;
  y = y * m * square - e * 2.12194440e-4f - square * 0.5f + m + e * 0.693359375f;
  y = x == 0.0f ? -inf : y;
  *out = x >= 0.0f ? (x == inf ? inf : y) : Floats{} + std::numeric_limits<float>::quiet_NaN();
}

/** ln(1 + x), exact near 0. */
INLINE void Log1p(const Floats& x, Floats* out) {
  const Floats sum = x + 1.0f, rounded = sum - 1.0f;
  Floats log;
  Log(sum, &log);
  const Floats y = rounded == 0.0f ? x : log * (x / rounded);
  *out = sum - sum == 0.0f ? y : log;
}

LOSS(Squared) {
  const Floats d = x - t;
  *loss = d * d;
  *slope = d * 2.0f;
}

LOSS(Absolute) {
  const Floats d = x - t, one = Floats{} + 1.0f;
  Magnitude(d, loss);
  *slope = d > 0.0f ? one : d < 0.0f ? -one : Floats{};
}

/** ½d² below the bound, else a line. */
LOSS(Huber) {
  const Floats d = x - t, most = Floats{} + bound;
  Floats size;
  Magnitude(d, &size);
  *loss = size < bound ? d * d * 0.5f : (size - bound * 0.5f) * bound;
  *slope = d <= -bound ? -most : d >= bound ? most : d;
}

/** σ(x) and ln(1 + e^−|x|), of the same exponential. */
INLINE void SigmoidAndLog(const Floats& x, Floats* y, Floats* log) {
  Floats size, e;
  Magnitude(x, &size);
  Exp(-size, &e);
  Log1p(e, log);
  SigmoidOf(x, e, y);
}

/** Binary cross entropy of logits: (1 − t)·x − ln σ(x). */
LOSS(Logistic) {
  Floats y, log;
  SigmoidAndLog(x, &y, &log);
  *loss = (1.0f - t) * x - ((x > 0.0f ? Floats{} : x) - log);
  *slope = y - t;
}

/** Binary cross entropy of probabilities. */
LOSS(Entropy) {
  const Floats least = Floats{} - 100.0f, smallest = Floats{} + 1e-12f, variance = (1.0f - x) * x;
  Floats log, other;
  Log(x, &log);
  Log1p(-x, &other);
  *loss = (t - 1.0f) * (other > least ? other : least) - t * (log > least ? log : least);
  *slope = (x - t) / (variance > smallest ? variance : smallest);
}

/** Poisson's negative log likelihood of logarithms. */
LOSS(Poisson) {
  Floats e;
  ExpAny(x, &e);
  *loss = e - t * x;
  *slope = e - t;
}

/** ln(1 + e^(−t·x)). */
LOSS(SoftMargin) {
  Floats z;
  ExpAny(-x * t, &z);
  Log1p(z, loss);
  *slope = -t * z / (z + 1.0f);
}

/** Kullback and Leibler's divergence of probabilities t from logarithms x. */
LOSS(Divergence) {
  Floats log;
  Log(t, &log);
  *loss = (t == 0.0f ? t : t * log) - t * x;
  *slope = -t;
}

/** −(t·ln σ(x) + (1 − t)·ln σ(−x)). */
LOSS(TwoSided) {
  Floats y, log;
  SigmoidAndLog(x, &y, &log);
  *loss = (t - 1.0f) * ((x > 0.0f ? -x : Floats{}) - log) - t * ((x > 0.0f ? Floats{} : x) - log);
  *slope = (1.0f - t) * y - t * (1.0f - y);
}

/** max(0, bound − t·x). */
LOSS(Ranking) {
  const Floats d = bound - t * x;
  *loss = d < 0.0f ? Floats{} : d;
  *slope = (d >= 0.0f ? Floats{} - 1.0f : Floats{}) * t;
}

/** x, or max(0, bound − x), as t is 1 or −1; of other t their sum. */
LOSS(Hinge) {
  const Floats d = bound - x, one = Floats{} + 1.0f;
  const Floats near = t == -1.0f ? Floats{} : x, far = (t == 1.0f) | (d < 0.0f) ? Floats{} : d;
  *loss = far + near;
  *slope = (t == -1.0f ? Floats{} : one) - ((t != 1.0f) & (d >= 0.0f) ? one : Floats{});
}

/** Of cosines: 1 − x, or max(0, x − bound), as t is 1 or −1; of other t nothing. */
LOSS(Cosine) {
  const Floats d = x - bound, one = Floats{} + 1.0f;
  *loss = t == 1.0f ? 1.0f - x : (t == -1.0f) & ~(d < 0.0f) ? d : Floats{};
  *slope = t == 1.0f ? -one : (t == -1.0f) & (d >= 0.0f) ? one : Floats{};
}

/** max(0, x − t + bound). */
LOSS(Excess) {
  const Floats d = x - t + bound;
  *loss = d < 0.0f ? Floats{} : d;
  *slope = d >= 0.0f ? Floats{} + 1.0f : Floats{};
}

/** Where all that a loss reads and writes is; `losses` is null if only the sum is wanted. */
struct Points {
  const float *x, *t;
  float *losses, *slopes;
  int64_t size;
  float scale, share;
};

/** Adds up the losses, too. */
template <typename Kind>
struct PointPass {
  INLINE static void Run(float bound, Points p, double* sum) {
    const Kind kind{bound};
    Floats part = {}, loss, slope, x, t;
    double total = 0;
    const auto flush = [&]() __attribute__((always_inline)) {
      for (int j = 0; j < kWide; j++) total += part[j];
      part = Floats{};
    };
    int64_t i = 0;
    for (; i + kWide <= p.size; i += kWide) {
      Read(p.x + i, &x);
      Read(p.t + i, &t);
      kind(x, t, &loss, &slope);
      loss *= p.scale;
      slope *= p.scale * p.share;
      std::memcpy(p.slopes + i, &slope, sizeof slope);
      if (p.losses) std::memcpy(p.losses + i, &loss, sizeof loss);
      part += loss;
      if (i % 512 == 0) flush();
    }
    flush();
    *sum = total;
    if (i == p.size) return;
    x = t = Floats{} + 0.5f;
    const size_t rest = (p.size - i) * sizeof(float);
    std::memcpy(&x, p.x + i, rest);
    std::memcpy(&t, p.t + i, rest);
    kind(x, t, &loss, &slope);
    loss *= p.scale;
    slope *= p.scale * p.share;
    std::memcpy(p.slopes + i, &slope, rest);
    if (p.losses) std::memcpy(p.losses + i, &loss, rest);
    for (int j = 0; j < p.size - i; j++) *sum += loss[j];
  }
};

/** In chunks, whose sums do not depend on the number of threads. */
template <typename Kind>
double PointSum(float bound, const Points& p) {
  std::vector<double> sums((p.size + kChunk - 1) / kChunk);
  ParallelFor(p.size, kChunk, [&](int64_t begin, int64_t end) {
    float* losses = p.losses ? p.losses + begin : nullptr;
    const Points part = {p.x + begin, p.t + begin, losses, p.slopes + begin, end - begin, p.scale, p.share};
    Fastest<PointPass<Kind>>(bound, part, &sums[begin / kChunk]);
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

/** Throws at the first that is no probability. */
inline void CheckProbabilities(const char* name, const float* x, int64_t size) {
  for (int64_t i = 0; i < size; i++) {
    if (x[i] >= 0 && x[i] <= 1) continue;
    throw std::out_of_range("all elements of " + std::string(name) + " should be between 0 and 1, got " +
                            std::to_string(x[i]) + " at index " + std::to_string(i));
  }
}

/**
 * Losses of x by targets t of its shape, of the kind k, times `scale`: op 'm'ean, 's'um or 'e'ach; and their slopes, as parts of
 * the mean where that is wanted. The order of kinds is that of lib/backend/kernels/pointLoss.ts.
 */
inline void PointLoss(Call& call, const Attrs& attrs) {
  static constexpr double (*kKinds[])(float, const Points&) = {
      PointSum<Squared>, PointSum<Absolute>, PointSum<Huber>,      PointSum<Logistic>,
      PointSum<Entropy>, PointSum<Poisson>,  PointSum<SoftMargin>, PointSum<Divergence>,
      PointSum<TwoSided>, PointSum<Ranking>, PointSum<Hinge>,
      PointSum<Cosine>,   PointSum<Excess>};
  constexpr int kEntropy = 4;
  std::vector<int64_t> shape, same;
  Points p;
  p.x = call.Input<float>(0, &shape);
  p.t = call.Input<float>(1, &same);
  p.size = Count(shape);
  const bool each = attrs.op == 'e';
  float* out = call.Output<float>(0, each ? shape : std::vector<int64_t>{});
  p.losses = each ? out : nullptr;
  p.slopes = call.Output<float>(1, shape);
  p.scale = attrs.scale;
  p.share = attrs.op == 'm' ? 1.0f / p.size : 1.0f;
  if (attrs.k == kEntropy) {
    CheckProbabilities("input", p.x, p.size);
    CheckProbabilities("target", p.t, p.size);
  }
  const double total = kKinds[attrs.k](attrs.bound, p);
  if (!each) *out = static_cast<float>(attrs.op == 'm' ? total / p.size : total);
}
