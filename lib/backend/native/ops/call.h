// What all our ops are made of: their attributes, their inputs and outputs, and how NaN is compared.
#pragma once
#define IS_SLIM_BUILD  // kernels.h includes less of TensorFlow
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "parallel.h"

// TF_NewTensor itself, see kernels.cc.
extern "C" TF_Tensor* __real_TF_NewTensor(TF_DataType type, const int64_t* shape, int rank, void* data, size_t bytes,
                                          void (*free)(void* data, size_t bytes, void* arg), void* arg);

// Vector code for newer processors is chosen when it runs; what it calls must be inlined to become part of it.
#define INLINE inline __attribute__((always_inline))

/** The attributes of an op; each reads those that it has. */
struct Attrs {
  TF_DataType type = TF_FLOAT;
  int32_t axis = 0;
  int32_t k = 0;
  int32_t n = 0;
  int32_t op = 0;
  float bound = 0;
  float scale = 1;
  unsigned char flag = 0;
  unsigned char keep = 0;
};

/** So many elements are worth a thread of their own. */
constexpr int64_t kGrain = 1 << 14;

/** So many elements make a part of their own, where the parts' totals are put together. */
constexpr int64_t kChunk = 1 << 16;

/** The product of the sizes. */
inline int64_t Count(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (int64_t n : shape) count *= n;
  return count;
}

/** The sizes before, in and behind `count` axes from `axis` on. */
struct Dims {
  int64_t outer = 1, size = 1, inner = 1;

  Dims(const std::vector<int64_t>& shape, int axis, int count = 1) {
    for (int i = 0; i < static_cast<int>(shape.size()); i++) {
      (i < axis ? outer : i < axis + count ? size : inner) *= shape[i];
    }
  }
};

/** Rows are taken in tiles of so many columns, so that the totals stay in the fastest cache. */
constexpr int64_t kTile = 1024;

/** Calls `fn` with each block and each tile of `width` of its columns: where that begins and how many they are. */
template <typename Fn>
void EachTile(const Dims& dims, int64_t width, Fn fn) {
  const int64_t tiles = (dims.inner + width - 1) / width;
  const int64_t grain = 1 + kGrain / (1 + dims.size * std::min(dims.inner, width));
  ParallelFor(dims.outer * tiles, grain, [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; t++) {
      const int64_t from = t % tiles * width;
      fn(t / tiles, from, std::min(width, dims.inner - from));
    }
  });
}

/** `shape` without `axis` and the `k` after it, or with 1 in their place if `keep`. */
inline std::vector<int64_t> Reduced(std::vector<int64_t> shape, const Attrs& attrs) {
  const auto first = shape.begin() + attrs.axis, last = first + attrs.k + 1;
  if (attrs.keep) std::fill(first, last, 1);
  else shape.erase(first, last);
  return shape;
}

/** One call of an op: its inputs and its outputs. What it throws is its error. */
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() {
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  template <typename T>
  const T* Input(int i, std::vector<int64_t>* shape) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, i, &tensor, status_);
    tensors_.push_back(tensor);
    shape->clear();
    for (int d = 0; d < TF_NumDims(tensor); d++) shape->push_back(TF_Dim(tensor, d));
    return static_cast<const T*>(TF_TensorData(tensor));
  }

  template <typename T>
  T* Output(int i, const std::vector<int64_t>& shape) {
    const size_t bytes = sizeof(T) * Count(shape);
    TF_DataType type = TF_ExpectedOutputDataType(context_, i);
    TF_Tensor* tensor = TF_AllocateOutput(context_, i, type, shape.data(), shape.size(), bytes, status_);
    if (tensor == nullptr) throw std::runtime_error(TF_Message(status_));
    tensors_.push_back(tensor);
    return static_cast<T*>(TF_TensorData(tensor));
  }

  /** Gives out memory as it is; `free` is called for it once no tensor has it any more. */
  void Share(int i, TF_DataType type, const std::vector<int64_t>& shape, void* data, size_t bytes,
             void (*free)(void* data, size_t bytes, void* arg), void* arg) {
    TF_Tensor* tensor = __real_TF_NewTensor(type, shape.data(), shape.size(), data, bytes, free, arg);
    tensors_.push_back(tensor);
    if (TF_TensorData(tensor) != data) throw std::runtime_error("libtensorflow copies what is to be shared");
    TF_SetOutput(context_, i, tensor, status_);
    if (TF_GetCode(status_) != TF_OK) throw std::runtime_error(TF_Message(status_));
  }

  int inputs() const { return TF_NumInputs(context_); }

  /** Ends the op with an error. */
  void Fail(const char* message) {
    TF_SetStatus(status_, TF_INVALID_ARGUMENT, message);
    TF_OpKernelContext_Failure(context_, status_);
  }

 private:
  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

template <typename T>
bool IsNan(T x) {
  return x != x;
}

/** Whether `next` is to take the place of `best`: written so that compilers make vector code of it. */
template <bool Largest, typename T>
bool Beats(T next, T best) {
  return !(Largest ? next <= best : next >= best) & !IsNan(best);
}
