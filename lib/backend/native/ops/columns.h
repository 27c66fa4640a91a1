// Reductions over adjacent axes, and sums so far.
#pragma once
#include "exp.h"

/** So many rows are summed before their sum is added to another, as in PyTorch: rounding errors grow with that, not with all rows. */
constexpr int64_t kBlock = 16;
/** Rows narrower than this are taken together. */
constexpr int64_t kNarrow = 64;

/** What a reduction does with an element, or several at once, and the total so far: starts with, adds, joins a part's total. */
struct Add {
  template <typename V>
  INLINE static void Start(V& total, const V& x) { total = x; }
  template <typename V>
  INLINE static void To(V& total, const V& x) { total += x; }
  template <typename V>
  INLINE static void Join(V& total, const V& part) { total += part; }
};
struct AddSquares : Add {
  template <typename V>
  INLINE static void Start(V& total, const V& x) { total = x * x; }
  template <typename V>
  INLINE static void To(V& total, const V& x) { total += x * x; }
};
template <bool Largest>
struct Keep {
  template <typename V>
  INLINE static void Start(V& total, const V& x) { total = x; }
  template <typename V>
  INLINE static void To(V& total, const V& x) {
    const auto stays = (Largest ? x <= total : x >= total) | (total != total);
    total = stays ? total : x;
  }
  template <typename V>
  INLINE static void Join(V& total, const V& part) { To(total, part); }
};

/** The totals of `rows` rows that lie `step` apart, of `n` ≤ kTile elements each; `level` buffers for the blocks' totals. */
template <typename Reduction>
void Total(const float* x, int64_t rows, int64_t step, int64_t n, float* total, int level = 2) {
  float part[kTile];
  int64_t block = 1;
  for (int i = 0; i < level; i++) block *= kBlock;
  if (level == 0 || rows <= kBlock) {
    for (int64_t j = 0; j < n; j++) Reduction::Start(total[j], x[j]);
    for (int64_t i = 1; i < rows; i++) {
      for (int64_t j = 0; j < n; j++) Reduction::To(total[j], x[i * step + j]);
    }
    return;
  }
  Total<Reduction>(x, std::min(block, rows), step, n, total, level - 1);
  for (int64_t i = block; i < rows; i += block) {
    Total<Reduction>(x + i * step, std::min(block, rows - i), step, n, part, level - 1);
    for (int64_t j = 0; j < n; j++) Reduction::Join(total[j], part[j]);
  }
}

/** Narrow rows, without space between them, are taken several at a time, as one that is wide enough for vector code. */
template <typename Reduction>
void Narrow(const float* x, int64_t rows, int64_t n, float* out) {
  const int64_t together = kNarrow / n, wide = together * n, whole = rows / together;
  if (whole < 2) return Total<Reduction>(x, rows, n, n, out);
  float total[kNarrow];
  Total<Reduction>(x, whole, wide, wide, total);
  std::copy(total, total + n, out);
  for (int64_t i = n; i < wide; i++) Reduction::Join(out[i % n], total[i]);
  for (int64_t i = whole * wide; i < rows * n; i++) Reduction::To(out[i % n], x[i]);
}

/** The total of contiguous elements: in vectors, by blocks as above. */
template <typename Reduction>
struct RowTotal {
  INLINE static void Run(const float* x, int64_t size, float* out) {
    constexpr int kVectors = 4, kStep = kVectors * kWide;
    int64_t i = 0;
    float total = 0;
    if (size >= kStep) {
      Floats all[kVectors], block[kVectors], v;
      for (bool first = true; i + kStep <= size; first = false) {
        for (int k = 0; k < kVectors; k++) {
          Read(x + i + k * kWide, &v);
          Reduction::Start(block[k], v);
        }
        const int64_t end = std::min(size, i + kBlock * kStep);
        for (i += kStep; i + kStep <= end; i += kStep) {
          for (int k = 0; k < kVectors; k++) {
            Read(x + i + k * kWide, &v);
            Reduction::To(block[k], v);
          }
        }
        for (int k = 0; k < kVectors; k++) {
          if (first) all[k] = block[k];
          else Reduction::Join(all[k], block[k]);
        }
      }
      for (int k = 1; k < kVectors; k++) Reduction::Join(all[0], all[k]);
      total = all[0][0];
      for (int k = 1; k < kWide; k++) {
        const float lane = all[0][k];
        Reduction::Join(total, lane);
      }
    } else {
      Reduction::Start(total, x[i++]);
    }
    for (; i < size; i++) Reduction::To(total, x[i]);
    *out = total;
  }
};

/** The totals over `size` in each of `outer` blocks [size, inner]. */
template <typename Reduction>
void Totals(const float* x, const Dims& dims, float* out) {
  const int64_t size = dims.size, inner = dims.inner;
  // Few rows are added in the order of PyTorch.
  if (inner > 1 && (inner >= kNarrow || size <= 4096)) {
    return EachTile(dims, kTile, [&](int64_t o, int64_t from, int64_t n) {
      Total<Reduction>(x + o * size * inner + from, size, inner, n, out + o * inner + from);
    });
  }
  // Chunks whose size does not depend on the number of threads, so that neither does the result.
  const int64_t rows = kChunk / inner, chunks = (size + rows - 1) / rows;
  std::vector<float> parts(chunks == 1 ? 0 : dims.outer * chunks * inner);
  float* made = chunks == 1 ? out : parts.data();
  ParallelFor(dims.outer * chunks, 1 + kGrain / (inner * std::min(rows, size)), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; t++) {
      const int64_t o = t / chunks, i = t % chunks * rows;
      const float* part = x + (o * size + i) * inner;
      const int64_t n = std::min(rows, size - i);
      if (inner == 1) Fastest<RowTotal<Reduction>>(part, n, made + t);
      else Narrow<Reduction>(part, n, inner, made + t * inner);
    }
  });
  for (int64_t t = 0; chunks > 1 && t < dims.outer * chunks; t++) {
    float* total = out + t / chunks * inner;
    if (t % chunks == 0) std::copy(made + t * inner, made + (t + 1) * inner, total);
    else for (int64_t j = 0; j < inner; j++) Reduction::Join(total[j], made[t * inner + j]);
  }
}

/** Sum, mean, sum of squares, largest or smallest over `k` axes from `axis` on, which have elements. */
inline void Reduce(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const float* x = call.Input<float>(0, &shape);
  const Dims dims(shape, attrs.axis, attrs.k + 1);
  float* out = call.Output<float>(0, Reduced(shape, attrs));
  if (attrs.op == 'x') Totals<Keep<true>>(x, dims, out);
  else if (attrs.op == 'n') Totals<Keep<false>>(x, dims, out);
  else if (attrs.op == 'q') Totals<AddSquares>(x, dims, out);
  else Totals<Add>(x, dims, out);
  for (int64_t i = 0; attrs.op == 'm' && i < dims.outer * dims.inner; i++) out[i] /= dims.size;
}

/** Sums of the elements so far along the axis, from its end if flag; added up in doubles, as PyTorch does. */
inline void Cumulate(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const float* x = call.Input<float>(0, &shape);
  Dims dims(shape, attrs.axis);
  float* out = call.Output<float>(0, shape);
  const int64_t inner = dims.inner, step = attrs.flag ? -inner : inner;
  std::vector<double> sums(inner);
  for (int64_t o = 0; o < dims.outer; o++) {
    std::fill(sums.begin(), sums.end(), 0.0);
    int64_t at = (o * dims.size + (attrs.flag ? dims.size - 1 : 0)) * inner;
    double sum = 0;  // in a register
    for (int64_t i = 0; inner == 1 && i < dims.size; i++, at += step) out[at] = static_cast<float>(sum += x[at]);
    if (inner == 1) continue;
    for (int64_t i = 0; i < dims.size; i++, at += step) {
      for (int64_t j = 0; j < inner; j++) out[at + j] = static_cast<float>(sums[j] += x[at + j]);
    }
  }
}
