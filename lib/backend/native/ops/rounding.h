// Numbers as bfloat16 has them.
#pragma once
#include "call.h"

/** Each element rounded to the nearest one of 8 binary digits, to an even one where two are as near. */
inline void RoundToBfloat16(Call& call, const Attrs&) {
  std::vector<int64_t> shape;
  const uint32_t* x = call.Input<uint32_t>(0, &shape);
  uint32_t* out = call.Output<uint32_t>(0, shape);
  ParallelFor(Count(shape), kChunk, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const uint32_t rounded = (x[i] + 0x7fff + (x[i] >> 16 & 1)) & 0xffff0000;
      const bool is_nan = (x[i] & 0x7fffffff) > 0x7f800000;
      out[i] = is_nan ? x[i] : rounded;
    }
  });
}
