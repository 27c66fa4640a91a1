// TensorFlow ops of our own, for what libtensorflow has in no op, in a slow one, or in none that treats NaN as PyTorch does.
// Compiled into tfjs-node's binding; lib/backend/kernels/ calls them, each beside a reference in tfjs' kernels that says what
// it computes.
//
// All work along one axis: a tensor is [outer, size, inner] elements, and a row is the `size` that lie `inner` apart. NaN
// counts as the largest, or where the smallest is wanted as the smallest, and is equal to NaN.
#include <mutex>

#include "ops/activations.h"
#include "ops/adafactor.h"
#include "ops/along.h"
#include "ops/columns.h"
#include "ops/extremes.h"
#include "ops/losses.h"
#include "ops/order.h"
#include "ops/point_losses.h"
#include "ops/rounding.h"
#include "ops/rules.h"
#include "ops/soft_losses.h"
#include "ops/softmax.h"

extern "C" struct TFE_Context;
extern "C" struct TFE_ContextOptions;

namespace {

#define BY_FLAG(fn, type) attrs.flag ? fn<true, type>(call, attrs) : fn<false, type>(call, attrs)
#define BY_TYPE_AND_FLAG(fn)                                            \
  [](Call& call, const Attrs& attrs) {                                  \
    attrs.type == TF_FLOAT ? BY_FLAG(fn, float) : BY_FLAG(fn, int32_t); \
  }

struct Op {
  const char* name;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  std::vector<const char*> attrs;
  void (*compute)(Call&, const Attrs&);
};

constexpr const char *kNumber = "T: {float, int32}", *kAny = "T: {float, int32, bool}";
// What is 0 or false may not be passed, see lib/backend/binding.ts.
constexpr const char *kAxis = "axis: int", *kK = "k: int = 0", *kOp = "op: int = 0", *kBound = "bound: float = 0",
                     *kScale = "scale: float", *kFlag = "flag: bool = false", *kKeep = "keep: bool = false";
constexpr const char *kValues = "values: T", *kIndices = "indices: int32", *kIndex = "index: int32";

/** A step changes the `targets`, which are N parameters, each with its slots, given as many gradients. */
Op StepOf(const char* name, void (*compute)(Call&, const Attrs&)) {
  return {name, {"scalars: float", "targets: M * int32", "gradients: N * float"}, {}, {"N: int", "M: int", kK}, compute};
}

/** The place of an op here is all that its kernel knows of it. */
const Op kAll[] = {
    // flag: the largest
    {"FlambeauExtreme", {"x: T"}, {kValues, kIndices}, {kNumber, kAxis, kFlag, kKeep},
     BY_TYPE_AND_FLAG(Extreme)},
    {"FlambeauExtremeSoFar", {"x: T"}, {kValues, kIndices}, {kNumber, kAxis, kFlag},
     BY_TYPE_AND_FLAG(ExtremeSoFar)},
    // flag: descending
    {"FlambeauOrder", {"x: T"}, {kValues, kIndices}, {kNumber, kAxis, kK, kFlag},
     BY_TYPE_AND_FLAG(Order)},
    // flag: behind equal elements
    {"FlambeauSearch", {"sequence: T", kValues}, {"places: int32"}, {kNumber, kFlag}, BY_TYPE_AND_FLAG(Search)},
    {"FlambeauTakeAlong", {"x: T", kIndex}, {kValues}, {kAny, kAxis},
     [](Call& call, const Attrs& attrs) {
       attrs.type == TF_BOOL ? TakeAlong<uint8_t>(call, attrs) : TakeAlong<uint32_t>(call, attrs);
     }},
    // Unsigned integers may wrap around.
    {"FlambeauAddAlong", {"x: T", kIndex, "src: T"}, {kValues}, {kNumber, kAxis},
     [](Call& call, const Attrs& attrs) {
       attrs.type == TF_FLOAT ? AddAlong<float>(call, attrs) : AddAlong<uint32_t>(call, attrs);
     }},
    {"FlambeauTake", {"x: T", kIndex}, {kValues}, {kAny, kAxis},
     [](Call& call, const Attrs& attrs) {
       attrs.type == TF_BOOL ? Take<uint8_t>(call, attrs) : Take<uint32_t>(call, attrs);
     }},
    {"FlambeauAddSlices", {"src: T", kIndex}, {kValues}, {kNumber, kAxis, kK},
     [](Call& call, const Attrs& attrs) {
       attrs.type == TF_FLOAT ? AddSlices<float>(call, attrs) : AddSlices<uint32_t>(call, attrs);
     }},
    // k: how many axes more; op: 's'um, 'm'ean, s'q'uares' sum, ma'x' or mi'n'
    {"FlambeauReduce", {"x: float"}, {"values: float"}, {kAxis, kK, kOp, kKeep}, Reduce},
    // flag: from the end
    {"FlambeauCumulate", {"x: float"}, {"values: float"}, {kAxis, kFlag}, Cumulate},
    // k: how many axes more; op: 's'oftmax, its 'l'ogarithm, log Σ 'e'xp
    {"FlambeauSoftmax", {"x: float"}, {"values: float"}, {kAxis, kK, kOp, kKeep}, Softmax},
    {"FlambeauCrossEntropy", {"x: float", "labels: int32", "weight: float"},
     {"loss: float", "slopes: float", "shares: float"}, {kOp, kK, kFlag}, CrossEntropy},
    {"FlambeauSoftCrossEntropy", {"x: float", "q: float", "labels: int32", "weight: float"},
     {"loss: float", "slopes: float", "masses: float"}, {kOp, kK, kBound}, SoftCrossEntropy},
    {"FlambeauPointLoss", {"x: float", "t: float"}, {"loss: float", "slopes: float"},
     {kOp, kK, kBound, kScale}, PointLoss},
    // flag: the gradient
    {"FlambeauActivation", {"x: float", "dy: float"}, {"y: float"}, {kK, kFlag}, Activation},
    {"FlambeauReluGrad", {"dy: float", "x: float"}, {"dx: float"}, {kBound}, ReluGrad},
    {"FlambeauVariable", {"x: float"}, {"handle: int32"}, {}, NewVariable},
    {"FlambeauRead", {"handle: int32"}, {"value: float"}, {}, ReadVariable},
    StepOf("FlambeauSgd", StepEach<Sgd>),
    StepOf("FlambeauMomentum", StepMomentum),
    StepOf("FlambeauAverage", StepEach<Average>),
    StepOf("FlambeauAdam", StepAdam),
    StepOf("FlambeauAdamax", StepEach<Adamax>),
    StepOf("FlambeauNAdam", StepEach<NAdam>),
    StepOf("FlambeauRAdam", StepRAdam),
    StepOf("FlambeauRMSprop", StepRMSprop),
    StepOf("FlambeauRprop", StepEach<Rprop>),
    StepOf("FlambeauAdagrad", StepEach<Adagrad>),
    StepOf("FlambeauAdadelta", StepEach<Adadelta>),
    StepOf("FlambeauAsgd", StepAsgd),
    StepOf("FlambeauLion", StepEach<Lion>),
    StepOf("FlambeauAdafactor", StepAdafactor),
    {"FlambeauBfloat16", {"x: float"}, {"values: float"}, {}, RoundToBfloat16},
};
constexpr int kOps = sizeof kAll / sizeof *kAll;

template <int I>
void* Create(TF_OpKernelConstruction* context) {
  auto* attrs = new Attrs;
  TF_Status* status = TF_NewStatus();
  for (const char* spec : kAll[I].attrs) {
    std::string name(spec, std::strchr(spec, ':'));
    if (name == "T") TF_OpKernelConstruction_GetAttrType(context, "T", &attrs->type, status);
    if (name == "axis") TF_OpKernelConstruction_GetAttrInt32(context, "axis", &attrs->axis, status);
    if (name == "k") TF_OpKernelConstruction_GetAttrInt32(context, "k", &attrs->k, status);
    if (name == "N") TF_OpKernelConstruction_GetAttrInt32(context, "N", &attrs->n, status);
    if (name == "op") TF_OpKernelConstruction_GetAttrInt32(context, "op", &attrs->op, status);
    if (name == "bound") TF_OpKernelConstruction_GetAttrFloat(context, "bound", &attrs->bound, status);
    if (name == "scale") TF_OpKernelConstruction_GetAttrFloat(context, "scale", &attrs->scale, status);
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
  try {
    kAll[I].compute(call, *static_cast<Attrs*>(attrs));
  } catch (const std::exception& error) {
    call.Fail(error.what());
  }
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
  const char* name = kAll[I].name;
  Define(kAll[I], status);
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

// The binding's ways to libtensorflow, wrapped by the linker (--wrap).

// By then the library is initialised, and the context that is made next knows our ops.
extern "C" TFE_Context* __real_TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status);
extern "C" TFE_Context* __wrap_TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status) {
  static std::once_flag once;
  std::call_once(once, [] { RegisterAll(std::make_integer_sequence<int, kOps>()); });
  return __real_TFE_NewContext(options, status);
}

// The array whose memory a tensor shares is held, and with it the realm that it comes from, such as a file of Jest's: for good,
// since nobody in a realm that is gone deletes its tensors. So each tensor gets memory of its own.
extern "C" TF_Tensor* __wrap_TF_NewTensor(TF_DataType type, const int64_t* shape, int rank, void* data, size_t bytes,
                                          void (*free)(void* data, size_t bytes, void* arg), void* arg) {
  TF_Tensor* tensor = TF_AllocateTensor(type, shape, rank, bytes);
  std::memcpy(TF_TensorData(tensor), data, bytes);
  free(data, bytes, arg);
  return tensor;
}
