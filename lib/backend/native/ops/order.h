// Sorting along an axis, and searching in what is sorted.
#pragma once
#include "call.h"

constexpr uint32_t kSign = 0x80000000u;

/** Unsigned integers in the order of the elements: the bits of floats with those of negative ones reversed, NaN on top. */
inline uint32_t KeyOf(float x) {
  if (IsNan(x)) return 0xffffffffu;
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  if (bits == kSign) bits = 0;  // −0 is equal to 0
  return bits ^ (static_cast<uint32_t>(static_cast<int32_t>(bits) >> 31) | kSign);
}
inline uint32_t KeyOf(int32_t x) { return static_cast<uint32_t>(x) ^ kSign; }

constexpr int kDigit = 11, kBuckets = 1 << kDigit;

/** Sorts by the upper half, stably, in three passes of 11 bits. */
inline void RadixSort(std::vector<uint64_t>& items, std::vector<uint64_t>& spare) {
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

constexpr int64_t kRadixFrom = 512;  // below, clearing the counts costs more than comparing

/** Puts the first `k` of `size` items in order into `items`, where `item(i)` is the i-th: the key above the index. */
template <typename Item>
void SortFirst(std::vector<uint64_t>& items, std::vector<uint64_t>& spare, int64_t size, int64_t k, Item item) {
  const bool few = k < size / 8;
  const int64_t start = few ? k : size;
  for (int64_t i = 0; i < start; i++) items[i] = item(i);
  if (!few) return size < kRadixFrom ? std::sort(items.begin(), items.end()) : RadixSort(items, spare);
  auto end = items.begin() + k;
  std::make_heap(items.begin(), end);
  for (int64_t i = k; i < size && k > 0; i++) {
    uint64_t next = item(i);
    if (next > items[0]) continue;
    std::pop_heap(items.begin(), end);
    end[-1] = next;
    std::push_heap(items.begin(), end);
  }
  std::sort_heap(items.begin(), end);
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
  const int64_t inner = dims.inner;
  ParallelFor(dims.outer * inner, 1 + kGrain / (1 + dims.size), [&](int64_t begin, int64_t end) {
    std::vector<uint64_t> items(dims.size), spare(dims.size);
    for (int64_t r = begin; r < end; r++) {
      const int64_t o = r / inner, j = r % inner;
      const T* row = x + o * dims.size * inner + j;
      SortFirst(items, spare, dims.size, attrs.k, [=](int64_t i) {
        uint32_t key = KeyOf(row[i * inner]);
        return static_cast<uint64_t>(Descending ? ~key : key) << 32 | static_cast<uint64_t>(i);
      });
      const int64_t to = o * attrs.k * inner + j;
      for (int64_t i = 0; i < attrs.k; i++) {
        int32_t index = static_cast<int32_t>(items[i]);
        values[to + i * inner] = row[index * inner];
        indices[to + i * inner] = index;
      }
    }
  });
}

/** Where `value` would go into the sorted row. */
template <bool Right, typename T>
void SearchOne(const T* row, int64_t size, T value, int32_t* place) {
  // NaN is not below anything, and nothing that is not NaN is below NaN's place: the same probes as PyTorch's.
  auto before = [value](T x) { return Right ? !(x > value) : !(x >= value); };
  const T* low = row;
  for (int64_t left = size; left > 0;) {
    const int64_t half = left / 2;
    // A mask instead of a branch, which would be guessed wrong every other time.
    const int64_t mask = -static_cast<int64_t>(before(low[half]));
    low += (half + 1) & mask;
    left = half - ((2 * half + 1 - left) & mask);
  }
  *place = static_cast<int32_t>(low - row);
}

/** Where each value would go into its row of the sorted sequence; all use the one row there may be. */
template <bool Right, typename T>
void Search(Call& call, const Attrs&) {
  std::vector<int64_t> rows, shape;
  const T* sequence = call.Input<T>(0, &rows);
  const T* values = call.Input<T>(1, &shape);
  int32_t* places = call.Output<int32_t>(0, shape);
  const int64_t size = rows.back();
  const int64_t count = Count(shape);
  const int64_t each = rows.size() == 1 ? count : shape.back();
  ParallelFor(count, kGrain / 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      SearchOne<Right>(sequence + (each == 0 ? 0 : i / each) * size, size, values[i], places + i);
    }
  });
}
