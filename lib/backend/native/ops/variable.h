// Memory that our ops change in place. TensorFlow's own variables are out of the reach of its C API.
//
// The handle of a variable is a tensor whose memory is the Variable itself: only our ops know what is in it, and the variable
// goes with the handle. What is read of it are tensors that share its block of memory, without a copy. While one of them is
// left, a change goes to a new block first, so that whoever holds what was read still has what was read.
#pragma once
#include "call.h"

#include <atomic>
#include <cstdlib>
#include <new>

constexpr size_t kLine = 64;  // what TensorFlow wants tensors aligned to

/** Numbers that a variable and what was read of it share: gone with the last of them. */
struct alignas(kLine) Block {
  std::atomic<int64_t> owners{1};
  void* memory;

  /** Aligned by hand: what glibc aligned and got back does not fit the next one of the same size, and stays unused. */
  static Block* New(int64_t count) {
    void* memory = std::malloc(sizeof(Block) + count * sizeof(float) + kLine);
    if (memory == nullptr) throw std::bad_alloc();
    const auto address = reinterpret_cast<uintptr_t>(memory);
    auto* block = new (reinterpret_cast<void*>((address + kLine - 1) / kLine * kLine)) Block;
    block->memory = memory;
    return block;
  }
  float* data() { return reinterpret_cast<float*>(this + 1); }
  bool shared() const { return owners.load(std::memory_order_acquire) > 1; }
  void Drop() {
    if (owners.fetch_sub(1, std::memory_order_acq_rel) == 1) std::free(memory);
  }
};

constexpr uint64_t kVariable = 0x656c626169726176;  // a tensor that is none is refused

struct alignas(kLine) Variable {
  uint64_t mark = kVariable;
  std::vector<int64_t> shape;
  int64_t count;
  Block* block = nullptr;

  Variable(const std::vector<int64_t>& sizes, const float* from) : shape(sizes), count(Count(sizes)) {
    block = Block::New(count);
    std::copy(from, from + count, block->data());
  }
  ~Variable() {
    mark = 0;
    block->Drop();
  }

  /** The numbers, to change. */
  float* Own() {
    if (block->shared()) {
      Block* own = Block::New(count);
      std::copy(block->data(), block->data() + count, own->data());
      block->Drop();
      block = own;
    }
    return block->data();
  }
};
static_assert(sizeof(Variable) == kLine, "a handle is as long as what it holds");

inline Variable& VariableAt(Call& call, int i) {
  std::vector<int64_t> shape;
  const int32_t* data = call.Input<int32_t>(i, &shape);
  auto* variable = reinterpret_cast<Variable*>(const_cast<int32_t*>(data));
  if (shape != std::vector<int64_t>{kLine / 4} || variable->mark != kVariable) {
    throw std::invalid_argument("input " + std::to_string(i) + " is not a variable");
  }
  return *variable;
}

/** A variable with a copy of `x`. */
inline void NewVariable(Call& call, const Attrs&) {
  std::vector<int64_t> shape;
  const float* x = call.Input<float>(0, &shape);
  call.Share(0, TF_INT32, {kLine / 4}, new Variable(shape, x), kLine,
             [](void* variable, size_t, void*) { delete static_cast<Variable*>(variable); }, nullptr);
}

/** What a variable holds. */
inline void ReadVariable(Call& call, const Attrs&) {
  Variable& variable = VariableAt(call, 0);
  Block* block = variable.block;
  block->owners.fetch_add(1, std::memory_order_relaxed);
  call.Share(0, TF_FLOAT, variable.shape, block->data(), variable.count * sizeof(float),
             [](void*, size_t, void* read) { static_cast<Block*>(read)->Drop(); }, block);
}
