// A step of an optimizer: one call for all parameters that take the same one, and one pass over the memory of each.
#pragma once
#include "parallel.h"
#include "variable.h"

#include <cmath>

/** The most tensors that a step changes of one parameter: itself and its slots. */
constexpr int kTargets = 4;

/** A parameter with its slots and its gradient. */
struct Parameter {
  float* targets[kTargets];
  /** How many elements each of them has. */
  int64_t counts[kTargets];
  const float* g;
  int64_t count;
  /** Where its elements are among those of all, at the beginning of a line of memory. */
  int64_t start;
  const std::vector<int64_t>* shape;
};

/** All parameters of a call: inputs are the scalars, the targets of each one, and the gradients. */
class Parameters {
 public:
  Parameters(Call& call, const Attrs& attrs) : each((call.inputs() - 1) / attrs.n - 1), list(attrs.n) {
    if (each < 1 || each > kTargets) throw std::invalid_argument(std::to_string(each) + " targets of a parameter");
    std::vector<int64_t> shape;
    std::vector<Variable*> variables;
    for (int i = 0; i < attrs.n * each; i++) variables.push_back(&VariableAt(call, 1 + i));
    for (int i = 0; i < attrs.n; i++) {
      Parameter& p = list[i];
      p.shape = &variables[i * each]->shape;
      p.count = variables[i * each]->count;
      p.start = total;
      total += (p.count + 15) / 16 * 16;
      p.g = call.Input<float>(1 + attrs.n * each + i, &shape);
      if (shape != *p.shape) throw std::invalid_argument("a gradient has another shape than its parameter");
    }
    for (int i = 0; i < attrs.n * each; i++) {
      list[i / each].targets[i % each] = variables[i]->Own();
      list[i / each].counts[i % each] = variables[i]->count;
    }
  }

  const int each;
  std::vector<Parameter> list;
  int64_t total = 0;
};

/** What each step does first: p ← decay · p, and the gradient, negated to maximize, with the L2 penalty's. */
struct Prefix {
  const float sign, l2, decay;
  explicit Prefix(const float* s) : sign(s[0]), l2(s[1]), decay(s[2]) {}
  INLINE float P(float p) const { return p * decay; }
  INLINE float G(float g, float p) const { return l2 == 0 ? sign * g : sign * g + l2 * p; }
};
constexpr int kPrefix = 3;

/** Elements of one parameter: of each target, and of the gradient. */
template <typename Rule, typename... Slots>
INLINE void Elements(const Prefix& prefix, const Rule& rule, int64_t n, const float* __restrict g, float* __restrict p,
                     Slots* __restrict... slots) {
  for (int64_t i = 0; i < n; i++) {
    float x = prefix.P(p[i]);
    rule(prefix.G(g[i], x), x, slots[i]...);
    p[i] = x;
  }
}

template <typename Rule, size_t... I>
INLINE void Piece(const float* s, const Parameter& p, int64_t from, int64_t n, std::index_sequence<I...>) {
  Elements(Prefix(s), Rule(s + kPrefix), n, p.g + from, p.targets[0] + from, (p.targets[1 + I] + from)...);
}

using PieceFn = void (*)(const float* s, const Parameter& p, int64_t from, int64_t n);
template <typename Rule>
void PlainPiece(const float* s, const Parameter& p, int64_t from, int64_t n) {
  Piece<Rule>(s, p, from, n, std::make_index_sequence<Rule::kSlots>());
}
// Without fused multiply-add, so that the numbers do not depend on the processor.
#ifdef __x86_64__
template <typename Rule>
__attribute__((target("avx2"))) void WidePiece(const float* s, const Parameter& p, int64_t from, int64_t n) {
  Piece<Rule>(s, p, from, n, std::make_index_sequence<Rule::kSlots>());
}
template <typename Rule>
PieceFn FastestPiece() {
  return __builtin_cpu_supports("avx2") ? WidePiece<Rule> : PlainPiece<Rule>;
}
#else
template <typename Rule>
PieceFn FastestPiece() {
  return PlainPiece<Rule>;
}
#endif

/** Runs a rule over the elements of all parameters, whose borders the threads' shares do not know. */
template <typename Rule>
void StepEach(Call& call, const Attrs& attrs) {
  static const PieceFn piece = FastestPiece<Rule>();
  std::vector<int64_t> shape;
  const float* s = call.Input<float>(0, &shape);
  const Parameters all(call, attrs);
  if (all.each != 1 + Rule::kSlots) throw std::invalid_argument("another number of slots than the rule has");
  for (const Parameter& p : all.list) {
    for (int i = 1; i < all.each; i++) {
      if (p.counts[i] != p.count) throw std::invalid_argument("a slot has another size than its parameter");
    }
  }
  // Memory likes long stretches, and threads some of them each.
  const int64_t grain = std::max(kGrain, all.total / 64);
  ParallelFor(all.total, grain, [&](int64_t begin, int64_t end) {
    auto after = [](int64_t at, const Parameter& p) { return at < p.start; };
    auto p = std::upper_bound(all.list.begin(), all.list.end(), begin, after) - 1;
    for (; p != all.list.end() && p->start < end; ++p) {
      const int64_t from = std::max<int64_t>(0, begin - p->start), to = std::min(p->count, end - p->start);
      if (from < to) piece(s, *p, from, to - from);
    }
  });
}
