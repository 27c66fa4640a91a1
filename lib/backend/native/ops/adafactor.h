// Adafactor: sums over rows, columns and all elements stand between what it reads and what it changes.
#pragma once
#include "rules.h"

#include <functional>
#include <numeric>

constexpr int kSums = 16;

/** Σ term(i) for i < n: in lanes, which vector code adds side by side, and from time to time in a double. */
template <typename Term>
INLINE double SumOf(int64_t n, Term term) {
  double total = 0;
  for (int64_t from = 0; from < n; from += 64 * kSums) {
    const int64_t to = std::min(n, from + 64 * kSums);
    float lanes[kSums] = {};
    int64_t i = from;
    for (; i + kSums <= to; i += kSums) {
      for (int j = 0; j < kSums; j++) lanes[j] += term(i + j);
    }
    for (; i < to; i++) lanes[i - from & (kSums - 1)] += term(i);
    for (float lane : lanes) total += lane;
  }
  return total;
}

/** As Python's max(bound, x): NaN loses. */
inline float AtLeast(float bound, float x) { return x > bound ? x : bound; }
/** As torch.clamp(min): NaN stays. */
INLINE float Clamped(float x, float low) { return x < low ? low : x; }
/** So many rows of a matrix have their squares added up in float32. */
constexpr int64_t kRows = 256;

/** √(Σ / count), where each range of a parameter's elements gives a part of the sum. */
template <typename Part>
float RootMean(int64_t ranges, int64_t grain, int64_t count, Part part) {
  std::vector<double> parts(ranges > 0 ? (ranges - 1) / grain + 1 : 0);
  ParallelFor(ranges, grain, [&](int64_t begin, int64_t end) { parts[begin / grain] = part(begin, end); });
  double total = 0;
  for (double sum : parts) total += sum;
  return static_cast<float>(std::sqrt(total)) / std::sqrt(static_cast<float>(count));
}

class Adafactor {
 public:
  Adafactor(const float* s, const Parameter& p)
      : prefix_(s), weight_(s[3]), rho_(s[4]), eps1_(s[5]), eps2_(s[6]), limit_(s[7]), p_(p), g_(p.g) {}

  void Step() {
    const float* x = p_.targets[0];
    const float size = RootMean(p_.count, kPiece, p_.count, [=](int64_t begin, int64_t end) {
      return SumOf(end - begin, [x = x + begin](int64_t i) { return x[i] * x[i]; });
    });
    p_.shape->size() > 1 ? Matrices(AtLeast(eps2_, size)) : Vector(AtLeast(eps2_, size));
  }

 private:
  float Scale(float size, float root_mean) const { return size * rho_ / AtLeast(1, root_mean / limit_); }
  float Root(float variance) const { return 1 / std::sqrt(Clamped(variance, eps1_ * eps1_)); }

  void Vector(float size) {
    float *p = p_.targets[0], *v = p_.targets[1];
    const float root_mean = RootMean(p_.count, kPiece, p_.count, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) v[i] = Lerp(v[i], weight_, g_[i] * g_[i]);
      return SumOf(end - begin, [&](int64_t i) {
        const float u = Root(v[begin + i]) * g_[begin + i];
        return u * u;
      });
    });
    const float scale = Scale(size, root_mean) * prefix_.sign;
    ParallelFor(p_.count, kPiece, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) p[i] = prefix_.P(p[i]) - scale * (Root(v[i]) * g_[i]);
    });
  }

  /** Threads take bands of rows, or several matrices. */
  void Matrices(float size) {
    const int64_t columns = p_.shape->back(), rows = p_.shape->end()[-2];
    const int64_t matrices = std::accumulate(p_.shape->begin(), p_.shape->end() - 2, int64_t{1}, std::multiplies<>());
    const int64_t most = std::min(kRows, kPiece / std::max<int64_t>(1, columns));
    const int64_t high = std::max<int64_t>(1, std::min(rows, most));
    const int64_t bands = (rows + high - 1) / high, grain = std::max<int64_t>(1, kPiece / (high * columns + 1));
    float *p = p_.targets[0], *row = p_.targets[1], *column = p_.targets[2];
    auto each_row = [&](int64_t band, auto fn) {
      const int64_t matrix = band / bands, first = band % bands * high;
      for (int64_t r = first; r < std::min(rows, first + high); r++) fn(matrix, matrix * rows + r);
    };

    std::vector<float> sums(matrices * bands * columns);
    ParallelFor(matrices * bands, grain, [&](int64_t begin, int64_t end) {
      for (int64_t band = begin; band < end; band++) {
        each_row(band, [&](int64_t, int64_t r) {
          const float* g = g_ + r * columns;
          float* sum = &sums[band * columns];
          for (int64_t j = 0; j < columns; j++) sum[j] += g[j] * g[j];
          const float square = SumOf(columns, [=](int64_t j) { return g[j] * g[j]; });
          row[r] = Lerp(row[r], weight_, square / columns);
        });
      }
    });
    std::vector<float> means(matrices);
    ParallelFor(matrices, std::max<int64_t>(1, kPiece / (rows + bands * columns + 1)), [&](int64_t begin, int64_t end) {
      for (int64_t m = begin; m < end; m++) {
        for (int64_t j = 0; j < columns; j++) {
          double sum = 0;
          for (int64_t band = m * bands; band < (m + 1) * bands; band++) sum += sums[band * columns + j];
          float& c = column[m * columns + j];
          c = Lerp(c, weight_, static_cast<float>(sum) / rows);
        }
        const float mean = static_cast<float>(SumOf(rows, [=](int64_t r) { return row[m * rows + r]; })) / rows;
        means[m] = Clamped(mean, eps1_);
      }
    });
    auto direction = [&](int64_t matrix, int64_t r, int64_t j) {
      const float variance = row[r] * column[matrix * columns + j] / means[matrix];
      return Root(variance) * g_[r * columns + j];
    };
    const float root_mean = RootMean(matrices * bands, grain, p_.count, [&](int64_t begin, int64_t end) {
      double sum = 0;
      for (int64_t band = begin; band < end; band++) {
        each_row(band, [&](int64_t matrix, int64_t r) {
          sum += SumOf(columns, [&](int64_t j) {
            const float u = direction(matrix, r, j);
            return u * u;
          });
        });
      }
      return sum;
    });
    const float scale = Scale(size, root_mean) * prefix_.sign;
    ParallelFor(matrices * bands, grain, [&](int64_t begin, int64_t end) {
      for (int64_t band = begin; band < end; band++) {
        each_row(band, [&](int64_t matrix, int64_t r) {
          float* x = p + r * columns;
          for (int64_t j = 0; j < columns; j++) x[j] = prefix_.P(x[j]) - scale * direction(matrix, r, j);
        });
      }
    });
  }

  const Prefix prefix_;
  const float weight_, rho_, eps1_, eps2_, limit_;
  const Parameter& p_;
  const float* const g_;
};

inline void StepAdafactor(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const float* s = call.Input<float>(0, &shape);
  const Parameters all(call, attrs);
  for (const Parameter& p : all.list) {
    const std::vector<int64_t>& sizes = *p.shape;
    const bool factored = sizes.size() > 1;
    const bool fits = factored ? all.each == 3 && p.counts[1] * sizes.back() == p.count &&
                                     p.counts[2] * sizes.end()[-2] == p.count
                               : all.each == 2 && p.counts[1] == p.count;
    if (!fits) throw std::invalid_argument("slots do not fit to a parameter");
  }
  for (const Parameter& p : all.list) Adafactor(s, p).Step();
}
