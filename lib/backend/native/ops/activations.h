// Activations that take several TensorFlow ops, and their gradients, in one pass.
#pragma once
#include "losses.h"

/** What an activation makes of eight elements, and its slope there. */
#define ACTIVATION(name)                                                           \
  struct name {                                                                    \
    INLINE void operator()(const Floats& x, Floats* value, Floats* slope) const;   \
  };                                                                               \
  INLINE void name::operator()(const Floats& x, Floats* value, Floats* slope) const

INLINE void Magnitude(const Floats& x, Floats* out) {
  *out = reinterpret_cast<Floats>(reinterpret_cast<Ints>(x) & 0x7fffffff);
}

/** A polynomial, the highest power first. */
template <size_t N>
INLINE void Polynomial(const Floats& x, const float (&c)[N], Floats* out) {
  Floats y = Floats{} + c[0];
  for (size_t i = 1; i < N; i++) y = y * x + c[i];
  *out = y;
}

/** The normal distribution and its density (Cephes' erff and erfcf). */
INLINE void Normal(const Floats& x, Floats* below, Floats* density) {
  constexpr float kErf[] = {7.853861353153693e-5f, -8.010193625184903e-4f, 5.188327685732524e-3f, -2.685381193529856e-2f,
                            1.128358514861418e-1f, -3.761262582423300e-1f, 1.128379165726710e+0f};
  constexpr float kNear[] = {2.326819970068386e-2f, -1.387039388740657e-1f, 3.687424674597105e-1f, -5.824733027278666e-1f, 6.210004621745983e-1f,
                             -4.944515323274145e-1f, 3.404879937665872e-1f, -2.741127028184656e-1f, 5.638259427386472e-1f};
  constexpr float kFar[] = {-1.047766399936249e+1f, 1.297719955372516e+1f, -7.495518717768503e+0f, 2.921019019210786e+0f,
                            -1.015265279202700e+0f, 4.218463358204948e-1f, -2.820767439740514e-1f, 5.641895067754075e-1f};
  const Floats z = x * 0.707106781f, square = z * z;
  Floats size, e, erf, near, far;
  Magnitude(z, &size);
  Exp(-square, &e);
  Polynomial(square, kErf, &erf);
  const Floats inverse = 1.0f / size, y = inverse * inverse;
  Polynomial(y, kNear, &near);
  Polynomial(y, kFar, &far);
  const Floats tail = e * inverse * (size < 2.0f ? near : far) * 0.5f;
  *below = size < 1.0f ? z * erf * 0.5f + 0.5f : z < 0.0f ? tail : 1.0f - tail;
  *density = e * 0.398942280f;
}

/** σ(x), from e = e^−|x|. */
INLINE void SigmoidOf(const Floats& x, const Floats& e, Floats* out) {
  *out = (x >= 0.0f ? Floats{} + 1.0f : e) / (e + 1.0f);
}
INLINE void Sigmoid(const Floats& x, Floats* out) {
  Floats size, e;
  Magnitude(x, &size);
  Exp(-size, &e);
  SigmoidOf(x, e, out);
}

ACTIVATION(Gelu) {
  Floats below, density;
  Normal(x, &below, &density);
  *value = x * below;
  *slope = below + x * density;
}

/** x · σ(z) with z = x · (RATE + CUBE · x²). */
ACTIVATION(GeluTanh) {
  const Floats square = x * x;
  Floats y;
  Sigmoid(x * (square * 0.0713548163f + 1.59576912f), &y);
  *value = x * y;
  *slope = y + x * (square * 0.214064449f + 1.59576912f) * y * (1.0f - y);
}

ACTIVATION(Silu) {
  Floats y;
  Sigmoid(x, &y);
  *value = x * y;
  *slope = y * (x * (1.0f - y) + 1.0f);
}

/** With t = tanh(ln(1 + eˣ)), from e^−|x|; `rest` is 1 − t. */
ACTIVATION(Mish) {
  Floats size, e, y;
  Magnitude(x, &size);
  Exp(-size, &e);
  SigmoidOf(x, e, &y);
  const Ints positive = x > 0.0f;
  const Floats sum = positive ? e * 2.0f + 1.0f : e * (e + 2.0f), other = positive ? e * e * 2.0f : Floats{} + 2.0f;
  const Floats t = sum / (sum + other), rest = other / (sum + other);
  *value = x * t;
  *slope = t + x * y * rest * (t + 1.0f);
}

/** Its values, or where there are gradients theirs. */
template <typename Kind>
struct ActivationPass {
  INLINE static void Run(const float* x, const float* g, int64_t size, float* out) {
    const Kind kind;
    Floats v, value, slope, given;
    const auto eight = [&](size_t bytes) __attribute__((always_inline)) {
      v = given = Floats{};
      std::memcpy(&v, x, bytes);
      if (g) std::memcpy(&given, g, bytes);
      kind(v, &value, &slope);
      if (g) value = given * slope;
      std::memcpy(out, &value, bytes);
    };
    for (; size >= kWide; size -= kWide, x += kWide, out += kWide) {
      eight(sizeof v);
      if (g) g += kWide;
    }
    if (size > 0) eight(size * sizeof(float));
  }
};

template <typename Kind>
void Activate(const float* x, const float* g, int64_t size, float* out) {
  ParallelFor(size, kGrain, [=](int64_t begin, int64_t end) {
    Fastest<ActivationPass<Kind>>(x + begin, g ? g + begin : nullptr, end - begin, out + begin);
  });
}

/** The activation k of x, or (flag) its gradient under g. The order is that of lib/backend/kernels/activations.ts. */
inline void Activation(Call& call, const Attrs& attrs) {
  static constexpr void (*kKinds[])(const float*, const float*, int64_t, float*) = {
      Activate<Gelu>, Activate<GeluTanh>, Activate<Silu>, Activate<Mish>};
  std::vector<int64_t> shape, same;
  const float* x = call.Input<float>(0, &shape);
  const float* g = call.Input<float>(1, &same);
  const int64_t size = Count(shape);
  kKinds[attrs.k](x, attrs.flag ? g : nullptr, size, call.Output<float>(0, shape));
}

/** The gradient of relu, or where there is a bound of relu6: g but where x is outside, also where that is not finite. */
inline void ReluGrad(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape, same;
  const float* g = call.Input<float>(0, &shape);
  const float* x = call.Input<float>(1, &same);
  float* out = call.Output<float>(0, shape);
  const float bound = attrs.bound > 0 ? attrs.bound : std::numeric_limits<float>::quiet_NaN();
  ParallelFor(Count(shape), kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const float given = g[i];  // read in any case: so it becomes vector code
      out[i] = (x[i] <= 0) | (x[i] >= bound) ? 0 : given;
    }
  });
}
