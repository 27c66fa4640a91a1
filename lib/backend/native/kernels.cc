// TensorFlow ops of our own, for what libtensorflow has in no op, or in none that treats NaN as PyTorch does. Compiled into
// tfjs-node's binding; lib/backend/kernels/ calls them, each beside a reference in tfjs' kernels that says what it computes.
//
// All work along one axis: a tensor is [outer, size, inner] elements, and a row is the `size` that lie `inner` apart. NaN
// counts as the largest, or where the smallest is wanted as the smallest, and is equal to NaN.
#define IS_SLIM_BUILD  // kernels.h includes less of TensorFlow
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

extern "C" struct TFE_Context;
extern "C" struct TFE_ContextOptions;

namespace {

/** The attributes of an op; each reads those that it has. */
struct Attrs {
  TF_DataType type = TF_FLOAT;
  int32_t axis = 0;
  int32_t k = 0;
  unsigned char flag = 0;
  unsigned char keep = 0;
};

struct Dims {
  std::vector<int64_t> shape;
  int64_t outer = 1, size = 1, inner = 1;

  Dims(std::vector<int64_t> dims, int axis) : shape(std::move(dims)) {
    for (int i = 0; i < axis; i++) outer *= shape[i];
    size = shape[axis];
    for (size_t i = axis + 1; i < shape.size(); i++) inner *= shape[i];
  }
};

/** One call of an op: its inputs, its outputs, and the error it may end with. */
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
    size_t bytes = sizeof(T);
    for (int64_t size : shape) bytes *= size;
    TF_DataType type = TF_ExpectedOutputDataType(context_, i);
    TF_Tensor* tensor = TF_AllocateOutput(context_, i, type, shape.data(), shape.size(), bytes, status_);
    tensors_.push_back(tensor);
    return static_cast<T*>(TF_TensorData(tensor));
  }

  void Fail(const std::string& message) {
    TF_SetStatus(status_, TF_INVALID_ARGUMENT, message.c_str());
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

constexpr int kLanes = 16;

/** The extreme of a contiguous row and where it first is: in lanes, each with an extreme of its own. */
template <bool Largest, typename T>
void RowExtreme(const T* x, int64_t size, T* value, int32_t* index) {
  T best[kLanes] = {};
  int32_t where[kLanes] = {};
  int64_t lanes = std::min<int64_t>(size, kLanes);
  for (int j = 0; j < lanes; j++) best[j] = x[j], where[j] = j;
  int64_t i = kLanes;
  for (; i + kLanes <= size; i += kLanes) {
    for (int j = 0; j < kLanes; j++) {
      bool take = Beats<Largest>(x[i + j], best[j]);
      best[j] = take ? x[i + j] : best[j];
      where[j] = take ? static_cast<int32_t>(i + j) : where[j];
    }
  }
  for (; i < size; i++) {
    int j = i % kLanes;
    if (Beats<Largest>(x[i], best[j])) best[j] = x[i], where[j] = i;
  }
  int first = 0;
  for (int j = 1; j < lanes; j++) {
    bool equal = best[j] == best[first] || (IsNan(best[j]) && IsNan(best[first]));
    if (equal ? where[j] < where[first] : Beats<Largest>(best[j], best[first])) first = j;
  }
  *value = best[first];
  *index = where[first];
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
  for (int64_t o = 0; o < dims.outer; o++, x += dims.size * inner, values += inner, indices += inner) {
    if (inner == 1) {
      RowExtreme<Largest>(x, dims.size, values, indices);
      continue;
    }
    std::copy(x, x + inner, values);
    std::fill(indices, indices + inner, 0);
    for (int64_t i = 1; i < dims.size; i++) {
      const T* row = x + i * inner;
      for (int64_t j = 0; j < inner; j++) {
        bool take = Beats<Largest>(row[j], values[j]);
        values[j] = take ? row[j] : values[j];
        indices[j] = take ? static_cast<int32_t>(i) : indices[j];
      }
    }
  }
}

/** The extreme so far and where it last was. */
template <bool Largest, typename T>
void ExtremeSoFar(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const T* x = call.Input<T>(0, &shape);
  Dims dims(shape, attrs.axis);
  T* values = call.Output<T>(0, shape);
  int32_t* indices = call.Output<int32_t>(1, shape);
  const int64_t inner = dims.inner;
  for (int64_t o = 0; o < dims.outer; o++) {
    for (int64_t i = 0; i < dims.size; i++, x += inner, values += inner, indices += inner) {
      for (int64_t j = 0; j < inner; j++) {
        T best = i == 0 ? x[j] : values[j - inner];
        bool take = i == 0 || IsNan(x[j]) || (Largest ? x[j] >= best : x[j] <= best);
        values[j] = take ? x[j] : best;
        indices[j] = take ? static_cast<int32_t>(i) : indices[j - inner];
      }
    }
  }
}

constexpr uint32_t kSign = 0x80000000u;

/** Unsigned integers in the order of the elements: the bits of floats with those of negative ones reversed, NaN on top. */
uint32_t KeyOf(float x) {
  if (IsNan(x)) return 0xffffffffu;
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  if (bits == kSign) bits = 0;  // −0 is equal to 0
  return bits & kSign ? ~bits : bits | kSign;
}
uint32_t KeyOf(int32_t x) { return static_cast<uint32_t>(x) ^ kSign; }

constexpr int kDigit = 11, kBuckets = 1 << kDigit;

/** Sorts by the upper half, stably, in three passes of 11 bits. */
void RadixSort(std::vector<uint64_t>& items, std::vector<uint64_t>& spare) {
  uint32_t counts[3][kBuckets] = {};
  for (uint64_t item : items) {
    uint32_t key = item >> 32;
    for (int pass = 0; pass < 3; pass++) counts[pass][(key >> (pass * kDigit)) & (kBuckets - 1)]++;
  }
  for (int pass = 0; pass < 3; pass++) {
    uint32_t start = 0;
    for (uint32_t& count : counts[pass]) start += std::exchange(count, start);
    for (uint64_t item : items) spare[counts[pass][(item >> (32 + pass * kDigit)) & (kBuckets - 1)]++] = item;
    items.swap(spare);
  }
}

constexpr size_t kRadixFrom = 512;  // below, clearing the counts costs more than comparing

/** The first `k` in order: the key above the index makes equal elements keep theirs. */
void SortFirst(std::vector<uint64_t>& items, std::vector<uint64_t>& spare, size_t k) {
  if (k < items.size() / 8) return std::partial_sort(items.begin(), items.begin() + k, items.end());
  if (items.size() < kRadixFrom) return std::sort(items.begin(), items.end());
  RadixSort(items, spare);
}

/** The first `k` of each row in order and where they were. */
template <bool Descending, typename T>
void Order(Call& call, const Attrs& attrs) {
  std::vector<int64_t> shape;
  const T* x = call.Input<T>(0, &shape);
  Dims dims(shape, attrs.axis);
  shape[attrs.axis] = attrs.k;
  T* values = call.Output<T>(0, shape);
  int32_t* indices = call.Output<int32_t>(1, shape);
  std::vector<uint64_t> items(dims.size), spare(dims.size);
  const int64_t inner = dims.inner;
  for (int64_t o = 0; o < dims.outer; o++) {
    for (int64_t j = 0; j < inner; j++) {
      const T* row = x + o * dims.size * inner + j;
      for (int64_t i = 0; i < dims.size; i++) {
        uint32_t key = KeyOf(row[i * inner]);
        items[i] = static_cast<uint64_t>(Descending ? ~key : key) << 32 | static_cast<uint64_t>(i);
      }
      SortFirst(items, spare, attrs.k);
      const int64_t to = o * attrs.k * inner + j;
      for (int64_t i = 0; i < attrs.k; i++) {
        int32_t index = static_cast<int32_t>(items[i]);
        values[to + i * inner] = row[index * inner];
        indices[to + i * inner] = index;
      }
    }
  }
}

/** Where each value would go into its row of the sorted sequence; all use the one row there may be. */
template <bool Right, typename T>
void Search(Call& call, const Attrs&) {
  std::vector<int64_t> rows, shape;
  const T* sequence = call.Input<T>(0, &rows);
  const T* values = call.Input<T>(1, &shape);
  int32_t* places = call.Output<int32_t>(0, shape);
  const int64_t size = rows.back();
  int64_t count = 1;
  for (int64_t n : shape) count *= n;
  const int64_t each = rows.size() == 1 ? count : shape.back();
  for (int64_t i = 0; i < count; i++) {
    const T* row = sequence + (each == 0 ? 0 : i / each) * size;
    // NaN is not below anything, and nothing that is not NaN is below NaN's place.
    const T* low = row;
    for (int64_t left = size; left > 0;) {
      int64_t half = left / 2;
      bool before = Right ? !(low[half] > values[i]) : !(low[half] >= values[i]);
      low = before ? low + half + 1 : low;
      left = before ? left - half - 1 : half;
    }
    places[i] = static_cast<int32_t>(low - row);
  }
}

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

std::string NotIn(int32_t index, int64_t size) {
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

#define BY_FLAG(fn, type) attrs.flag ? fn<true, type>(call, attrs) : fn<false, type>(call, attrs)
#define BY_TYPE_AND_FLAG(fn)                                          \
  [](Call& call, const Attrs& attrs) {                                \
    attrs.type == TF_FLOAT ? BY_FLAG(fn, float) : BY_FLAG(fn, int32_t); \
  }

struct Op {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  std::vector<const char*> attrs;
  void (*compute)(Call&, const Attrs&);
};

const char *kNumber = "T: {float, int32}", *kValues = "values: T", *kIndices = "indices: int32", *kAxis = "axis: int", *kFlag = "flag: bool";

constexpr int kOps = 6;

/** The place of an op here is all that its kernel knows of it. */
const std::vector<Op>& Ops() {
  static const std::vector<Op> ops = {
      // flag: the largest
      {"FlambeauExtreme", {"x: T"}, {kValues, kIndices}, {kNumber, kAxis, kFlag, "keep: bool"}, BY_TYPE_AND_FLAG(Extreme)},
      {"FlambeauExtremeSoFar", {"x: T"}, {kValues, kIndices}, {kNumber, kAxis, kFlag}, BY_TYPE_AND_FLAG(ExtremeSoFar)},
      // flag: descending
      {"FlambeauOrder", {"x: T"}, {kValues, kIndices}, {kNumber, kAxis, "k: int", kFlag}, BY_TYPE_AND_FLAG(Order)},
      // flag: behind equal elements
      {"FlambeauSearch", {"sequence: T", kValues}, {"places: int32"}, {kNumber, kFlag}, BY_TYPE_AND_FLAG(Search)},
      {"FlambeauTakeAlong", {"x: T", "index: int32"}, {kValues}, {"T: {float, int32, bool}", kAxis},
       [](Call& call, const Attrs& attrs) {
         attrs.type == TF_BOOL ? TakeAlong<uint8_t>(call, attrs) : TakeAlong<uint32_t>(call, attrs);
       }},
      // Unsigned integers may wrap around.
      {"FlambeauAddAlong", {"x: T", "index: int32", "src: T"}, {kValues}, {kNumber, kAxis},
       [](Call& call, const Attrs& attrs) {
         attrs.type == TF_FLOAT ? AddAlong<float>(call, attrs) : AddAlong<uint32_t>(call, attrs);
       }},
  };
  return ops;
}

template <int I>
void* Create(TF_OpKernelConstruction* context) {
  auto* attrs = new Attrs;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrType(context, "T", &attrs->type, status);
  for (const char* spec : Ops()[I].attrs) {
    std::string name(spec, std::strchr(spec, ':'));
    if (name == "axis") TF_OpKernelConstruction_GetAttrInt32(context, "axis", &attrs->axis, status);
    if (name == "k") TF_OpKernelConstruction_GetAttrInt32(context, "k", &attrs->k, status);
    if (name == "flag") TF_OpKernelConstruction_GetAttrBool(context, "flag", &attrs->flag, status);
    if (name == "keep") TF_OpKernelConstruction_GetAttrBool(context, "keep", &attrs->keep, status);
  }
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(context, status);
  TF_DeleteStatus(status);
  return attrs;
}

template <int I>
void Compute(void* attrs, TF_OpKernelContext* context) {
  Call call(context);
  Ops()[I].compute(call, *static_cast<Attrs*>(attrs));
}

void Delete(void* attrs) { delete static_cast<Attrs*>(attrs); }

void UnknownShapes(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

void Define(const Op& op, TF_Status* status) {
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(op.name);
  for (const char* spec : op.attrs) TF_OpDefinitionBuilderAddAttr(builder, spec);
  for (const char* spec : op.inputs) TF_OpDefinitionBuilderAddInput(builder, spec);
  for (const char* spec : op.outputs) TF_OpDefinitionBuilderAddOutput(builder, spec);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, UnknownShapes);
  TF_RegisterOpDefinition(builder, status);
}

template <int I>
void Register(TF_Status* status) {
  const char* name = Ops()[I].name;
  Define(Ops()[I], status);
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", Create<I>, Compute<I>, Delete);
  TF_RegisterKernelBuilder(name, kernel, status);
}

template <int... I>
void RegisterAll(std::integer_sequence<int, I...>) {
  TF_Status* status = TF_NewStatus();
  (Register<I>(status), ...);
  TF_DeleteStatus(status);
}

}  // namespace

// The binding's way to libtensorflow, wrapped by the linker (--wrap): by then the library is initialised, and the context that
// is made next knows our ops.
extern "C" TFE_Context* __real_TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status);
extern "C" TFE_Context* __wrap_TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status) {
  static std::once_flag once;
  std::call_once(once, [] { RegisterAll(std::make_integer_sequence<int, kOps>()); });
  return __real_TFE_NewContext(options, status);
}
