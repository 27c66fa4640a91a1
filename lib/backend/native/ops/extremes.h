// The largest or smallest along an axis, and where it is.
#pragma once
#include "call.h"

/** Four elements that are computed with at once, as GCC and Clang have it: they make no such code of a loop that minds NaN. */
template <typename T>
struct Four {
  typedef T Type __attribute__((vector_size(16)));
};
using Mask = Four<int32_t>::Type;
constexpr int kVectors = 4, kLanes = 4 * kVectors;

template <typename T>
typename Four<T>::Type Load(const T* x) {
  typename Four<T>::Type v;
  std::memcpy(&v, x, sizeof v);
  return v;
}

/** Where a row of which `value` is an element, or which has a NaN if that is NaN, first has it. */
template <typename T>
int64_t Find(const T* x, int64_t size, T value) {
  int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    Mask hits = {};
    for (int j = 0; j < kLanes; j += 4) {
      auto v = Load(x + i + j);
      hits |= IsNan(value) ? v != v : v == value;
    }
    if (hits[0] | hits[1] | hits[2] | hits[3]) break;
  }
  while (!(x[i] == value || (IsNan(value) && IsNan(x[i])))) i++;
  return i;
}

/** The extreme of a contiguous row and where it first is. */
template <bool Largest, typename T>
void RowExtreme(const T* x, int64_t size, T* value, int32_t* index) {
  T best = x[0];
  int64_t i = 1;
  if (size >= kLanes) {
    typename Four<T>::Type lanes[kVectors];
    for (int j = 0; j < kVectors; j++) lanes[j] = Load(x + 4 * j);
    for (i = kLanes; i + kLanes <= size; i += kLanes) {
      for (int j = 0; j < kVectors; j++) {
        auto next = Load(x + i + 4 * j);
        Mask stay = (Largest ? next <= lanes[j] : next >= lanes[j]) | (lanes[j] != lanes[j]);
        lanes[j] = reinterpret_cast<typename Four<T>::Type>((stay & reinterpret_cast<Mask>(lanes[j])) |
                                                            (~stay & reinterpret_cast<Mask>(next)));
      }
    }
    for (int j = 0; j < kLanes; j++) best = Beats<Largest>(lanes[j / 4][j % 4], best) ? lanes[j / 4][j % 4] : best;
  }
  for (; i < size; i++) best = Beats<Largest>(x[i], best) ? x[i] : best;
  *value = best;
  *index = static_cast<int32_t>(Find(x, size, best));
}

/** The extremes along `size` rows that lie `step` apart, of `n` elements, and where they first are. */
template <bool Largest, typename T>
void ColumnExtremes(const T* x, int64_t size, int64_t step, int64_t n, T* values, int32_t* indices) {
  std::copy(x, x + n, values);
  std::fill(indices, indices + n, 0);
  for (int64_t i = 1; i < size; i++) {
    const T* row = x + i * step;
    for (int64_t j = 0; j < n; j++) {
      bool take = Beats<Largest>(row[j], values[j]);
      values[j] = take ? row[j] : values[j];
      indices[j] = take ? static_cast<int32_t>(i) : indices[j];
    }
  }
}

template <bool Largest, typename T>
void Extreme(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const T* x = call.Input<T>(0, &shape);
  Dims dims(shape, attrs.axis);
  if (attrs.keep) shape[attrs.axis] = 1;
  else shape.erase(shape.begin() + attrs.axis);
  T* values = call.Output<T>(0, shape);
  int32_t* indices = call.Output<int32_t>(1, shape);
  const int64_t inner = dims.inner;
  if (dims.size == 0) return;
  if (inner == 1) {
    return ParallelFor(dims.outer, 1 + kGrain / dims.size, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++) RowExtreme<Largest>(x + o * dims.size, dims.size, values + o, indices + o);
    });
  }
  EachTile(dims, kTile, [&](int64_t o, int64_t from, int64_t n) {
    const T* first = x + o * dims.size * inner + from;
    ColumnExtremes<Largest>(first, dims.size, inner, n, values + o * inner + from, indices + o * inner + from);
  });
}

/** The extreme so far and where it last was. */
template <bool Largest, typename T>
void ExtremeSoFar(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const T* x = call.Input<T>(0, &shape);
  Dims dims(shape, attrs.axis);
  T* values = call.Output<T>(0, shape);
  int32_t* indices = call.Output<int32_t>(1, shape);
  if (dims.size == 0) return;
  ParallelFor(dims.outer * dims.inner, 1 + kGrain / dims.size, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      const int64_t start = r / dims.inner * dims.size * dims.inner + r % dims.inner;
      T best = x[start];
      int32_t where = 0;
      for (int64_t i = 0, at = start; i < dims.size; i++, at += dims.inner) {
        bool take = IsNan(x[at]) || (Largest ? x[at] >= best : x[at] <= best);
        best = take ? x[at] : best;
        where = take ? static_cast<int32_t>(i) : where;
        values[at] = best;
        indices[at] = where;
      }
    }
  });
}
