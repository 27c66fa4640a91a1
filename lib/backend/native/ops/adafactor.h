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
  if (n < kSums) {
    for (int64_t i = 0; i < n; i++) total += term(i);
    return total;
  }
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
  const double total = std::accumulate(parts.begin(), parts.end(), 0.0);
  return static_cast<float>(std::sqrt(total)) / std::sqrt(static_cast<float>(count));
}

/** What a step reads beside the gradient. */
struct AdafactorScalars {
  const Prefix prefix;
  const float weight, rho, eps1, eps2, limit;
  explicit AdafactorScalars(const float* s)
      : prefix(s), weight(s[3]), rho(s[4]), eps1(s[5]), eps2(s[6]), limit(s[7]) {}

  /** The length of the step for a parameter of this size, if the direction is of that size. */
  float Scale(float size, float direction) const {
    return prefix.sign * AtLeast(eps2, size) * rho / AtLeast(1, direction / limit);
  }
  INLINE float Root(float variance) const { return 1 / std::sqrt(Clamped(variance, eps1 * eps1)); }
};

/** A vector has a variance for each element. */
inline void StepVector(const AdafactorScalars& s, const Parameter& parameter, float size) {
  float *p = parameter.targets[0], *v = parameter.targets[1];
  const float* g = parameter.g;
  const float direction = RootMean(parameter.count, kChunk, parameter.count, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) v[i] = Lerp(v[i], s.weight, g[i] * g[i]);
    return SumOf(end - begin, [&, begin](int64_t i) {
      const float u = s.Root(v[begin + i]) * g[begin + i];
      return u * u;
    });
  });
  const float scale = s.Scale(size, direction);
  ParallelFor(parameter.count, kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) p[i] = s.prefix.P(p[i]) - scale * (s.Root(v[i]) * g[i]);
  });
}

/** Matrices have one for each row and one for each column. Threads take bands of rows, or several matrices. */
class Matrices {
 public:
  Matrices(const AdafactorScalars& s, const Parameter& p)
      : s_(s), p_(p), columns_(p.shape->back()), rows_(p.shape->end()[-2]), row_(p.targets[1]), column_(p.targets[2]) {
    matrices_ = std::accumulate(p.shape->begin(), p.shape->end() - 2, int64_t{1}, std::multiplies<>());
    high_ = std::max<int64_t>(1, std::min({rows_, kRows, kChunk / std::max<int64_t>(1, columns_)}));
    bands_ = std::max<int64_t>(1, (rows_ + high_ - 1) / high_);
    grain_ = std::max<int64_t>(1, kChunk / (high_ * columns_ + 1));
    means_.resize(matrices_);
  }

  void Step(float size) {
    Average();
    const float direction = RootMean(matrices_ * bands_, grain_, p_.count, [&](int64_t begin, int64_t end) {
      double sum = 0;
      EachRow(begin, end, [&](int64_t matrix, int64_t r) {
        sum += SumOf(columns_, [&](int64_t j) {
          const float u = Direction(matrix, r, j);
          return u * u;
        });
      });
      return sum;
    });
    const float scale = s_.Scale(size, direction);
    ParallelFor(matrices_ * bands_, grain_, [&](int64_t begin, int64_t end) {
      EachRow(begin, end, [&](int64_t matrix, int64_t r) {
        float* x = p_.targets[0] + r * columns_;
        for (int64_t j = 0; j < columns_; j++) x[j] = s_.prefix.P(x[j]) - scale * Direction(matrix, r, j);
      });
    });
  }

 private:
  template <typename Fn>
  INLINE void EachRow(int64_t begin, int64_t end, Fn fn) const {
    for (int64_t band = begin; band < end; band++) {
      const int64_t matrix = bands_ == 1 ? band : band / bands_;  // for small matrices, dividing is much of the work
      const int64_t first = (band - matrix * bands_) * high_;
      for (int64_t r = first; r < std::min(rows_, first + high_); r++) fn(matrix, matrix * rows_ + r);
    }
  }

  /** Brings the averages up to date; those of the columns once all of their bands are added up. */
  void Average() {
    std::vector<float> sums(bands_ > 1 ? matrices_ * bands_ * columns_ : 0);
    ParallelFor(matrices_ * bands_, grain_, [&](int64_t begin, int64_t end) {
      std::vector<float> own(bands_ > 1 ? 0 : columns_);
      for (int64_t band = begin; band < end; band++) {
        float* sum = bands_ > 1 ? &sums[band * columns_] : own.data();
        std::fill(sum, sum + columns_, 0.0f);
        EachRow(band, band + 1, [&](int64_t, int64_t r) {
          const float* g = p_.g + r * columns_;
          for (int64_t j = 0; j < columns_; j++) sum[j] += g[j] * g[j];
          const float square = SumOf(columns_, [=](int64_t j) { return g[j] * g[j]; });
          row_[r] = Lerp(row_[r], s_.weight, square / columns_);
        });
        if (bands_ == 1) AverageColumns(band, [=](int64_t j) { return sum[j]; });
      }
    });
    for (int64_t m = 0; bands_ > 1 && m < matrices_; m++) {
      AverageColumns(m, [&](int64_t j) {
        double sum = 0;
        for (int64_t band = m * bands_; band < (m + 1) * bands_; band++) sum += sums[band * columns_ + j];
        return static_cast<float>(sum);
      });
    }
  }

  template <typename Sum>
  INLINE void AverageColumns(int64_t m, Sum sum) {
    float* column = column_ + m * columns_;
    for (int64_t j = 0; j < columns_; j++) column[j] = Lerp(column[j], s_.weight, sum(j) / rows_);
    const float* row = row_ + m * rows_;
    means_[m] = Clamped(static_cast<float>(SumOf(rows_, [=](int64_t r) { return row[r]; })) / rows_, s_.eps1);
  }

  INLINE float Direction(int64_t matrix, int64_t r, int64_t j) const {
    return s_.Root(row_[r] * column_[matrix * columns_ + j] / means_[matrix]) * p_.g[r * columns_ + j];
  }

  const AdafactorScalars& s_;
  const Parameter& p_;
  const int64_t columns_, rows_;
  float *const row_, *const column_;
  int64_t matrices_, high_, bands_, grain_;
  std::vector<float> means_;  // of each matrix' rows
};

inline bool Fits(const Parameter& p, int each) {
  const std::vector<int64_t>& shape = *p.shape;
  if (shape.size() < 2) return each == 2 && p.counts[1] == p.count;
  return each == 3 && p.counts[1] * shape.back() == p.count && p.counts[2] * shape.end()[-2] == p.count;
}

inline void StepAdafactor(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const AdafactorScalars s(call.Input<float>(0, &shape));
  const Parameters all(call, attrs);
  for (const Parameter& p : all.list) {
    if (!Fits(p, all.each)) throw std::invalid_argument("slots do not fit to a parameter");
  }
  for (const Parameter& p : all.list) {
    const float* x = p.targets[0];
    const float size = RootMean(p.count, kChunk, p.count, [=](int64_t begin, int64_t end) {
      return SumOf(end - begin, [from = x + begin](int64_t i) { return from[i] * from[i]; });
    });
    p.shape->size() < 2 ? StepVector(s, p, size) : Matrices(s, p).Step(size);
  }
}
