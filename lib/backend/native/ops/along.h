// Elements by their index along an axis: torch.gather and torch.scatter_add.
#pragma once
#include "call.h"

/**
 * Calls `fn` with the place of each element of `index` and its row's place in [whole], by the shapes of both; with the lines
 * along the last axis from `begin` to `end`.
 */
template <typename Fn>
void EachPlace(const std::vector<int64_t>& shape, const std::vector<int64_t>& whole, int axis, int64_t begin, int64_t end,
               Fn fn) {
  const int ndim = shape.size();
  const int64_t last = shape[ndim - 1];
  std::vector<int64_t> steps(ndim, 1), at(ndim, 0);
  for (int d = ndim - 2; d >= 0; d--) steps[d] = steps[d + 1] * whole[d + 1];
  int64_t line = begin;
  for (int d = ndim - 2; d >= 0; line /= shape[d--]) at[d] = line % shape[d];
  for (int64_t i = begin * last; i < end * last; i += last) {
    int64_t base = 0;
    for (int d = 0; d < ndim - 1; d++) base += d == axis ? 0 : at[d] * steps[d];
    const int64_t step = axis == ndim - 1 ? 0 : 1;
    for (int64_t j = 0; j < last; j++) fn(i + j, base + j * step, steps[axis]);
    for (int d = ndim - 2; d >= 0 && ++at[d] == shape[d]; d--) at[d] = 0;
  }
}

/** Calls `fn` with ranges of the lines along the last axis, of at least `grain` elements. */
template <typename Fn>
void EachLine(const std::vector<int64_t>& shape, int64_t grain, Fn fn) {
  const int64_t last = shape.back();
  if (last > 0) ParallelFor(Count(shape) / last, 1 + grain / last, fn);
}

inline void CheckIndex(int32_t index, int64_t size) {
  if (index >= 0 && index < size) return;
  throw std::out_of_range(std::to_string(index) + " is not in [0, " + std::to_string(size) + ")");
}

/** For each place of `index` the element of `x` at that place but at the index along the axis. */
template <typename T>
void TakeAlong(Call& call, const Attrs& attrs) {
  std::vector<int64_t> whole, shape;
  const T* x = call.Input<T>(0, &whole);
  const int32_t* index = call.Input<int32_t>(1, &shape);
  T* out = call.Output<T>(0, shape);
  const int64_t size = whole[attrs.axis];
  EachLine(shape, kGrain, [&](int64_t begin, int64_t end) {
    EachPlace(shape, whole, attrs.axis, begin, end, [&](int64_t i, int64_t row, int64_t step) {
      CheckIndex(index[i], size);
      out[i] = x[row + index[i] * step];
    });
  });
}

/** `x` with each element of `src` added at its place but at the index along the axis. */
template <typename T>
void AddAlong(Call& call, const Attrs& attrs) {
  std::vector<int64_t> whole, shape, ignored;
  const T* x = call.Input<T>(0, &whole);
  const int32_t* index = call.Input<int32_t>(1, &shape);
  const T* src = call.Input<T>(2, &ignored);
  T* out = call.Output<T>(0, whole);
  std::copy(x, x + Count(whole), out);
  const int64_t size = whole[attrs.axis];
  // Lines along the axis reach elements of their own; others add to the same, and must come in order.
  const bool apart = attrs.axis == static_cast<int>(shape.size()) - 1;
  EachLine(shape, apart ? kGrain : Count(shape), [&](int64_t begin, int64_t end) {
    EachPlace(shape, whole, attrs.axis, begin, end, [&](int64_t i, int64_t row, int64_t step) {
      CheckIndex(index[i], size);
      out[row + index[i] * step] += src[i];
    });
  });
}

/** The slices of `x` at `index`, of any shape, along the axis. */
template <typename T>
void Take(Call& call, const Attrs& attrs) {
  std::vector<int64_t> whole, places;
  const T* x = call.Input<T>(0, &whole);
  const int32_t* index = call.Input<int32_t>(1, &places);
  Dims dims(whole, attrs.axis), ends(places, 0, places.size());
  std::vector<int64_t> shape(whole.begin(), whole.begin() + attrs.axis);
  shape.insert(shape.end(), places.begin(), places.end());
  shape.insert(shape.end(), whole.begin() + attrs.axis + 1, whole.end());
  T* out = call.Output<T>(0, shape);
  const int64_t inner = dims.inner;
  for (int64_t i = 0; i < ends.size; i++) CheckIndex(index[i], dims.size);
  if (ends.size == 0) return;
  ParallelFor(dims.outer * ends.size, 1 + kGrain / (1 + inner), [&](int64_t begin, int64_t end) {
    const T* block = x + begin / ends.size * dims.size * inner;
    int64_t i = begin % ends.size;
    T* to = out + begin * inner;
    for (int64_t r = begin; r < end; r++, to += inner) {
      const T* from = block + index[i] * inner;
      if (inner == 1) *to = *from;
      else std::copy(from, from + inner, to);
      if (++i == ends.size) i = 0, block += dims.size * inner;
    }
  });
}

/** Zeros with each slice of `src` along the axis, k of them in the result, added at its `index`. */
template <typename T>
void AddSlices(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape, ignored;
  const T* src = call.Input<T>(0, &shape);
  const int32_t* index = call.Input<int32_t>(1, &ignored);
  Dims dims(shape, attrs.axis);
  shape[attrs.axis] = attrs.k;
  T* out = call.Output<T>(0, shape);
  const int64_t inner = dims.inner;
  std::fill(out, out + dims.outer * attrs.k * inner, T(0));
  for (int64_t o = 0; o < dims.outer; o++, out += attrs.k * inner) {
    for (int64_t i = 0; i < dims.size; i++, src += inner) {
      CheckIndex(index[i], attrs.k);
      T* row = out + index[i] * inner;
      for (int64_t j = 0; j < inner; j++) row[j] += src[j];
    }
  }
}
