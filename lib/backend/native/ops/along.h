// Elements by their index along an axis: torch.gather and torch.scatter_add.
#pragma once
#include "call.h"

/** Calls `fn` with the place of each element of `index` and its row's place in [whole], by the shapes of both. */
template <typename Fn>
void EachPlace(const std::vector<int64_t>& shape, const std::vector<int64_t>& whole, int axis, Fn fn) {
  const int ndim = shape.size();
  std::vector<int64_t> steps(ndim, 1), at(ndim, 0);
  for (int d = ndim - 2; d >= 0; d--) steps[d] = steps[d + 1] * whole[d + 1];
  int64_t count = 1, last = shape[ndim - 1];
  for (int64_t n : shape) count *= n;
  for (int64_t i = 0; i < count; i += last) {
    int64_t base = 0;
    for (int d = 0; d < ndim - 1; d++) base += d == axis ? 0 : at[d] * steps[d];
    const int64_t step = axis == ndim - 1 ? 0 : 1;
    for (int64_t j = 0; j < last; j++) {
      if (!fn(i + j, base + j * step, steps[axis])) return;
    }
    for (int d = ndim - 2; d >= 0 && ++at[d] == shape[d]; d--) at[d] = 0;
  }
}

inline std::string NotIn(int32_t index, int64_t size) {
  return std::to_string(index) + " is not in [0, " + std::to_string(size) + ")";
}

/** For each place of `index` the element of `x` at that place but at the index along the axis. */
template <typename T>
void TakeAlong(Call& call, const Attrs& attrs) {
  std::vector<int64_t> whole, shape;
  const T* x = call.Input<T>(0, &whole);
  const int32_t* index = call.Input<int32_t>(1, &shape);
  T* out = call.Output<T>(0, shape);
  const int64_t size = whole[attrs.axis];
  EachPlace(shape, whole, attrs.axis, [&](int64_t i, int64_t row, int64_t step) {
    if (index[i] < 0 || index[i] >= size) return call.Fail(NotIn(index[i], size)), false;
    out[i] = x[row + index[i] * step];
    return true;
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
  int64_t count = 1;
  for (int64_t n : whole) count *= n;
  std::copy(x, x + count, out);
  const int64_t size = whole[attrs.axis];
  EachPlace(shape, whole, attrs.axis, [&](int64_t i, int64_t row, int64_t step) {
    if (index[i] < 0 || index[i] >= size) return call.Fail(NotIn(index[i], size)), false;
    out[row + index[i] * step] += src[i];
    return true;
  });
}
