// The exponential function for many elements at once, and what is chosen by the processor.
#pragma once
#include "call.h"

#include <cmath>
#include <limits>

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

#ifdef __x86_64__
template <typename Body, typename... Args>
__attribute__((target("avx2,fma"))) void Newer(Args... args) {
  Body::Run(args...);
}
#endif

/** Calls `Body::Run`, which must be INLINE, in the fastest code that this processor has. */
template <typename Body, typename... Args>
void Fastest(Args... args) {
#ifdef __x86_64__
  static const bool newer = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (newer) return Newer<Body>(args...);
#endif
  Body::Run(args...);
}
