// The optimizers' rules, for one element each: in the order of PyTorch's own operations, so that also what overflows, or is
// not finite, comes out as there. lib/backend/kernels/steps.ts has the same in tfjs' kernels, and says what the numbers are.
#pragma once
#include "step.h"

/** As torch.lerp. */
INLINE float Lerp(float a, float weight, float b) {
  return std::fabs(weight) < 0.5f ? a + weight * (b - a) : b - (b - a) * (1 - weight);
}
/** As torch.sign: 0 of NaN. */
INLINE float Sign(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f; }
/** As torch.maximum: NaN wins. */
INLINE float Largest(float a, float b) { return (a > b) | (a != a) ? a : b; }

struct Sgd {
  static constexpr int kSlots = 0;
  const float lr;
  explicit Sgd(const float* s) : lr(s[0]) {}
  INLINE void operator()(float g, float& p) const { p -= lr * g; }
};

template <bool Nesterov, bool First>
struct Momentum {
  static constexpr int kSlots = 1;
  const float lr, momentum, weight;
  explicit Momentum(const float* s) : lr(s[0]), momentum(s[1]), weight(s[2]) {}
  INLINE void operator()(float g, float& p, float& buffer) const {
    buffer = First ? g : momentum * buffer + weight * g;
    p -= lr * (Nesterov ? g + momentum * buffer : buffer);
  }
};

struct Average {
  static constexpr int kSlots = 0;
  const float weight;
  explicit Average(const float* s) : weight(s[0]) {}
  INLINE void operator()(float g, float& p) const { p = Lerp(p, weight, g); }
};

/** The averages of the gradient and of its square. */
struct Moments {
  const float weight1, beta2, weight2;
  explicit Moments(const float* s) : weight1(s[0]), beta2(s[1]), weight2(s[2]) {}
  INLINE void operator()(float g, float& m, float& v) const {
    m = Lerp(m, weight1, g);
    v = v * beta2 + weight2 * g * g;
  }
};
constexpr int kMoments = 3;

struct Adam {
  static constexpr int kSlots = 2;
  const Moments moments;
  const float lr, root, eps;
  explicit Adam(const float* s) : moments(s), lr(s[kMoments]), root(s[kMoments + 1]), eps(s[kMoments + 2]) {}
  INLINE void operator()(float g, float& p, float& m, float& v) const {
    moments(g, m, v);
    p -= lr * m / (std::sqrt(v) / root + eps);
  }
};

struct Amsgrad : Adam {
  static constexpr int kSlots = 3;
  using Adam::Adam;
  INLINE void operator()(float g, float& p, float& m, float& v, float& most) const {
    moments(g, m, v);
    most = Largest(most, v);
    p -= lr * m / (std::sqrt(most) / root + eps);
  }
};

struct Adamax {
  static constexpr int kSlots = 2;
  const float lr, weight, beta2, eps;
  explicit Adamax(const float* s) : lr(s[0]), weight(s[1]), beta2(s[2]), eps(s[3]) {}
  INLINE void operator()(float g, float& p, float& m, float& u) const {
    m = Lerp(m, weight, g);
    u = Largest(u * beta2, std::fabs(g) + eps);
    p -= lr * m / u;
  }
};

struct NAdam {
  static constexpr int kSlots = 2;
  const Moments moments;
  const float lr, plain, correction, eps;
  explicit NAdam(const float* s) : moments(s), lr(s[3]), plain(s[4]), correction(s[5]), eps(s[6]) {}
  INLINE void operator()(float g, float& p, float& m, float& v) const {
    moments(g, m, v);
    const float size = std::sqrt(v / correction) + eps;
    p -= plain * g / size;
    p -= lr * m / size;
  }
};

template <bool Rectified>
struct RAdam {
  static constexpr int kSlots = 2;
  const Moments moments;
  const float lr, correction, root, factor, eps;
  explicit RAdam(const float* s)
      : moments(s), lr(s[3]), correction(s[4]), root(s[5]), factor(s[6]), eps(s[7]) {}
  INLINE void operator()(float g, float& p, float& m, float& v) const {
    moments(g, m, v);
    const float step = m / correction * lr;
    p -= Rectified ? step * (root / (std::sqrt(v) + eps)) * factor : step;
  }
};

struct Rms {
  const float lr, alpha, weight, eps, momentum;
  explicit Rms(const float* s) : lr(s[0]), alpha(s[1]), weight(s[2]), eps(s[3]), momentum(s[4]) {}
  INLINE void Square(float g, float& v) const { v = v * alpha + weight * g * g; }
  INLINE float Centered(float g, float& v, float& average) const {
    Square(g, v);
    average = Lerp(average, weight, g);
    return std::sqrt(v - average * average) + eps;
  }
  INLINE void Plain(float g, float size, float& p) const { p -= lr * g / size; }
  INLINE void Heavy(float g, float size, float& p, float& buffer) const {
    buffer = momentum * buffer + g / size;
    p -= lr * buffer;
  }
};
struct RMSprop : Rms {
  static constexpr int kSlots = 1;
  using Rms::Rms;
  INLINE void operator()(float g, float& p, float& v) const {
    Square(g, v);
    Plain(g, std::sqrt(v) + eps, p);
  }
};
struct RMSpropCentered : Rms {
  static constexpr int kSlots = 2;
  using Rms::Rms;
  INLINE void operator()(float g, float& p, float& v, float& average) const { Plain(g, Centered(g, v, average), p); }
};
struct RMSpropMomentum : Rms {
  static constexpr int kSlots = 2;
  using Rms::Rms;
  INLINE void operator()(float g, float& p, float& v, float& buffer) const {
    Square(g, v);
    Heavy(g, std::sqrt(v) + eps, p, buffer);
  }
};
struct RMSpropCenteredMomentum : Rms {
  static constexpr int kSlots = 3;
  using Rms::Rms;
  INLINE void operator()(float g, float& p, float& v, float& average, float& buffer) const {
    Heavy(g, Centered(g, v, average), p, buffer);
  }
};

struct Rprop {
  static constexpr int kSlots = 2;
  const float minus, plus, low, high;
  explicit Rprop(const float* s) : minus(s[0]), plus(s[1]), low(s[2]), high(s[3]) {}
  INLINE void operator()(float g, float& p, float& before, float& size) const {
    const float agreement = g * before;
    const float scaled = size * (agreement > 0 ? plus : agreement < 0 ? minus : 1);
    const float bounded = scaled < low ? low : scaled;
    size = bounded > high ? high : bounded;
    before = agreement < 0 ? 0 : g;
    p -= Sign(before) * size;
  }
};

struct Adagrad {
  static constexpr int kSlots = 1;
  const float lr, eps;
  explicit Adagrad(const float* s) : lr(s[0]), eps(s[1]) {}
  INLINE void operator()(float g, float& p, float& sum) const {
    sum += g * g;
    p -= lr * g / (std::sqrt(sum) + eps);
  }
};

struct Adadelta {
  static constexpr int kSlots = 2;
  const float lr, rho, weight, eps;
  explicit Adadelta(const float* s) : lr(s[0]), rho(s[1]), weight(s[2]), eps(s[3]) {}
  INLINE void operator()(float g, float& p, float& v, float& d) const {
    v = v * rho + weight * g * g;
    const float delta = std::sqrt(d + eps) / std::sqrt(v + eps) * g;
    d = d * rho + weight * delta * delta;
    p -= lr * delta;
  }
};

template <bool Averaging>
struct Asgd {
  static constexpr int kSlots = 1;
  const float eta, shrinking, mu;
  explicit Asgd(const float* s) : eta(s[0]), shrinking(s[1]), mu(s[2]) {}
  INLINE void operator()(float g, float& p, float& average) const {
    p = p * shrinking - eta * g;
    average = Averaging ? average + (p - average) * mu : p;
  }
};

struct Lion {
  static constexpr int kSlots = 1;
  const float lr, beta1, weight1, beta2, weight2;
  explicit Lion(const float* s) : lr(s[0]), beta1(s[1]), weight1(s[2]), beta2(s[3]), weight2(s[4]) {}
  INLINE void operator()(float g, float& p, float& m) const {
    p -= lr * Sign(m * beta1 + weight1 * g);
    m = m * beta2 + weight2 * g;
  }
};

// Rules with variants, which the bits of k tell.

inline void StepMomentum(Call& call, const Attrs& attrs) {
  const bool nesterov = attrs.k & 1, first = attrs.k & 2;
  if (nesterov) first ? StepEach<Momentum<true, true>>(call, attrs) : StepEach<Momentum<true, false>>(call, attrs);
  else first ? StepEach<Momentum<false, true>>(call, attrs) : StepEach<Momentum<false, false>>(call, attrs);
}
inline void StepAdam(Call& call, const Attrs& attrs) {
  attrs.k ? StepEach<Amsgrad>(call, attrs) : StepEach<Adam>(call, attrs);
}
inline void StepRAdam(Call& call, const Attrs& attrs) {
  attrs.k ? StepEach<RAdam<true>>(call, attrs) : StepEach<RAdam<false>>(call, attrs);
}
inline void StepRMSprop(Call& call, const Attrs& attrs) {
  const bool centered = attrs.k & 1, momentum = attrs.k & 2;
  if (centered) momentum ? StepEach<RMSpropCenteredMomentum>(call, attrs) : StepEach<RMSpropCentered>(call, attrs);
  else momentum ? StepEach<RMSpropMomentum>(call, attrs) : StepEach<RMSprop>(call, attrs);
}
inline void StepAsgd(Call& call, const Attrs& attrs) {
  attrs.k ? StepEach<Asgd<true>>(call, attrs) : StepEach<Asgd<false>>(call, attrs);
}
