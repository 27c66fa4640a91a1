"""Windows, and einsum with its subscripts as lists."""

import torch
from golden import Family, N

family = Family("ops_windows")
make = family.write
case, error = family.case, family.error

for fn in ["bartlett_window", "hann_window", "hamming_window", "blackman_window", "kaiser_window"]:
    for length in [0, 1, 2, 7, 16]:
        case(fn, length)
        case(fn, length, False)
    case(fn, 5, periodic=False, dtype=torch.float32)
    error(fn, -1)
    error(fn, 3, dtype=torch.int64)
case("hamming_window", 6, True, alpha=0.5, beta=0.25)
case("kaiser_window", 6, True, beta=4)
case("kaiser_window", 6, False, beta=8.5)

case("einsum", N(2, 3), [0, 1], N(3, 4), [1, 2], [0, 2], second=True)
case("einsum", N(2, 3), [0, 1], N(3, 4), [1, 2])
case("einsum", N(2, 3), [27, 1], N(3), [1], [27])
case("einsum", N(3, 3), [0, 0])
error("einsum", N(2), [52])
