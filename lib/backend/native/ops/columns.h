// Reductions over axes that are not the last, where rows are added up, not elements.
#pragma once
#include "call.h"

/** Rows are taken in tiles of so many columns, so that the totals stay in the fastest cache. */
constexpr int64_t kTile = 1024;
/** So many rows are summed before their sum is added to another, as in PyTorch: rounding errors grow with that, not with all rows. */
constexpr int64_t kBlock = 16;

/** What a reduction does with a row `x` of `n` elements and the totals so far. */
struct Add {
  template <typename T>
  static void To(T* total, const T* x, int64_t n) {
    for (int64_t j = 0; j < n; j++) total[j] += x[j];
  }
};
template <bool Largest>
struct Keep {
  template <typename T>
  static void To(T* total, const T* x, int64_t n) {
    for (int64_t j = 0; j < n; j++) total[j] = Beats<Largest>(x[j], total[j]) ? x[j] : total[j];
  }
};

/** The totals of `rows` rows that lie `step` apart, of `n` ≤ kTile elements each; `level` buffers for the blocks' totals. */
template <typename Reduction, typename T>
void Total(const T* x, int64_t rows, int64_t step, int64_t n, T* total, int level = 2) {
  T part[kTile];
  int64_t block = 1;
  for (int i = 0; i < level; i++) block *= kBlock;
  std::copy(x, x + n, total);
  if (level == 0 || rows <= kBlock) {
    for (int64_t i = 1; i < rows; i++) Reduction::To(total, x + i * step, n);
    return;
  }
  Total<Reduction>(x, std::min(block, rows), step, n, total, level - 1);
  for (int64_t i = block; i < rows; i += block) {
    Total<Reduction>(x + i * step, std::min(block, rows - i), step, n, part, level - 1);
    Reduction::To(total, part, n);
  }
}

/** Narrow rows are taken several at a time, as one that is wide enough for vector code. */
template <typename Reduction, typename T>
void Columns(const T* x, int64_t rows, int64_t inner, T* out) {
  // Few rows are added in the order of PyTorch.
  const int64_t together = inner >= 64 || rows <= 4096 ? 1 : 64 / inner;
  if (together == 1) {
    for (int64_t j = 0; j < inner; j += kTile) Total<Reduction>(x + j, rows, inner, std::min(kTile, inner - j), out + j);
    return;
  }
  T total[64];
  const int64_t wide = together * inner, whole = rows / together;
  Total<Reduction>(x, whole, wide, wide, total);
  std::copy(total, total + inner, out);
  for (int64_t i = 1; i < together; i++) Reduction::To(out, total + i * inner, inner);
  for (int64_t i = whole * together; i < rows; i++) Reduction::To(out, x + i * inner, inner);
}

/** Sum, mean, largest or smallest over `k` axes from `axis` on, which have elements. */
inline void Reduce(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const float* x = call.Input<float>(0, &shape);
  Dims dims(shape, attrs.axis, attrs.k);
  auto first = shape.begin() + attrs.axis, last = first + attrs.k;
  if (attrs.keep) std::fill(first, last, 1);
  else shape.erase(first, last);
  float* out = call.Output<float>(0, shape);
  for (int64_t o = 0; o < dims.outer; o++, x += dims.size * dims.inner, out += dims.inner) {
    if (attrs.op == 'x') Columns<Keep<true>>(x, dims.size, dims.inner, out);
    else if (attrs.op == 'n') Columns<Keep<false>>(x, dims.size, dims.inner, out);
    else Columns<Add>(x, dims.size, dims.inner, out);
    if (attrs.op == 'm') std::transform(out, out + dims.inner, out, [&](float sum) { return sum / dims.size; });
  }
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
