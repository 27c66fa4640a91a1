"""The CPU generator: what a seed gives, in every kind of draw and in mixed sequences.

A case is a seed and calls in order, each with what it gave. A call is
  {"fn", "args", "out"}            a root function;
  {"fn", "on": shape, "args"}      an in-place method of a fresh float32 tensor of zeros (int32 for random_);
  {"fn", "ns", "args", "options"}  a function of nn.functional;
  {"fn": "getRngState"}            5056 bytes, base64;
  {"fn": "seed64"}                 torch.empty((), dtype=int64).random_(), the DataLoader's base seed, as decimal digits.
"shuffles" are index orders, one array per epoch and, for a loader, per batch.
"""

import torch
from torch.utils.data import DataLoader, RandomSampler, SubsetRandomSampler, random_split

from golden import encode, encode_bytes, needs_mersenne_bernoulli, write

needs_mersenne_bernoulli()
SEEDS = [0, 1, 42, 2**31, 12345678901, -1]
SIZES = [1, 2, 3, 15, 16, 17, 31, 32, 40]


def record(call, out):
    return {**call, "out": out if isinstance(out, str) else encode(out)}


# a call and how PyTorch makes it


def rand(*size):
    return record({"fn": "rand", "args": [list(size)]}, torch.rand(size))


def randn(*size):
    return record({"fn": "randn", "args": [list(size)]}, torch.randn(size))


def randperm(n):
    return record({"fn": "randperm", "args": [n]}, torch.randperm(n))


def randint(low, high, *size):
    return record({"fn": "randint", "args": [low, high, list(size)]}, torch.randint(low, high, size))


def normal(mean, std, *size):
    return record({"fn": "normal", "args": [mean, std, list(size)]}, torch.normal(mean, std, size))


def fill(fn, size, *args):
    dtype = torch.int64 if fn == "random_" else torch.float32
    out = getattr(torch.zeros(size, dtype=dtype), fn)(*args)
    return record({"fn": fn, "on": list(size), "args": list(args)}, out)


def bernoulli(p):
    return record({"fn": "bernoulli", "args": [encode(p)]}, torch.bernoulli(p))


def dropout(size, p):
    ones = torch.ones(size)
    out = torch.nn.functional.dropout(ones, p)
    return record({"fn": "dropout", "ns": "nn.functional", "args": [encode(ones), p]}, out)


def state():
    return record({"fn": "getRngState"}, encode_bytes(torch.get_rng_state().numpy()))


def seed64():
    return record({"fn": "seed64"}, str(torch.empty((), dtype=torch.int64).random_().item()))


# name: the calls, made in order after manual_seed(seed)
SEQUENCES = {
    **{f"rand {n}": lambda n=n: [rand(n), rand(1)] for n in SIZES},
    **{f"randn {n}": lambda n=n: [randn(n), randn(1), rand(1)] for n in SIZES},
    "rand 1000": lambda: [rand(1000)],
    "randn 1000": lambda: [randn(1000)],
    "rand [3, 4]": lambda: [rand(3, 4), rand(2, 2)],
    "randn [3, 4]": lambda: [randn(3, 4), randn(4, 5), randn(2, 3, 4)],
    "rand and randn of 0-d and empty": lambda: [rand(), rand(0), randn(), randn(0), rand(1), randn(1)],
    "randperm": lambda: [randperm(n) for n in [0, 1, 2, 5, 10, 100]] + [rand(1)],
    "randperm 1000": lambda: [randperm(1000)],
    "randint": lambda: [randint(0, 10, 20), randint(5, 6, 3), randint(-5, 5, 2, 3), randint(0, 2**31 - 1, 10),
                        randint(-(2**31), 2**31 - 1, 10), randint(0, 2, 0), rand(1)],
    "random_": lambda: [fill("random_", [10], 0, 7), fill("random_", [3], 100), rand(1)],
    "normal": lambda: [normal(5, 2, 3), normal(5, 2, 20), normal(0.5, 0.02, 2, 9)],
    "normal_": lambda: [fill("normal_", [3], 1.5, 0.1), fill("normal_", [20], 0, 0.02), fill("normal_", [4, 4], -1, 3),
                        fill("normal_", [17]), fill("normal_", [1], 10, 0.5), fill("normal_", [1]), rand(1)],
    "uniform_": lambda: [fill("uniform_", [10]), fill("uniform_", [10], -0.0357, 0.0357), fill("uniform_", [3, 4], 2, 5),
                         fill("uniform_", [40], -1e-3, 1e3), fill("uniform_", [], -1, 1), rand(1)],
    "bernoulli_": lambda: [fill("bernoulli_", [20], 0.5), fill("bernoulli_", [20], 0.1), fill("bernoulli_", [5], 0),
                           fill("bernoulli_", [5], 1), fill("bernoulli_", [3, 4]), rand(1)],
    "bernoulli": lambda: [bernoulli(torch.tensor([0.0, 0.1, 0.3, 0.5, 0.5, 0.7, 0.9, 1.0])),
                          bernoulli(torch.full((4, 5), 0.5)), rand(1)],
    "dropout": lambda: [dropout([20], 0.5), dropout([3, 4], 0.1), dropout([33], 0.9), dropout([5], 0), dropout([5], 1),
                        rand(1)],
    "mixed": lambda: [randn(3), rand(2), randn(1), randn(20), randn(1), randn(2), randperm(3), randn(1),
                      randint(0, 5, 4), fill("normal_", [5]), fill("uniform_", [3]), fill("bernoulli_", [5], 0.5),
                      randn(16), randn(15), rand(3)],
    "past 624 words": lambda: [randperm(700), randn(2), rand(4), randn(30), rand(2)],
    "seed64": lambda: [seed64(), seed64(), rand(1), seed64()],
    "state": lambda: [state(), rand(3), state()],
    "state with a cached normal": lambda: [randn(1), state(), rand(1), randn(1), state()],
    "state after a block": lambda: [randn(16), state(), randint(0, 9, 2), randperm(4), state()],
}


def sequence(name, seed):
    generator = torch.manual_seed(seed)
    return {"name": f"seed {seed}: {name}", "seed": seed, "initialSeed": str(generator.initial_seed()),
            "calls": SEQUENCES[name]()}


# index orders of samplers and loaders

INDICES = range(10)


def epochs(iterable, times=3):
    return [[item.tolist() if isinstance(item, torch.Tensor) else item for item in iterable] for _ in range(times)]


def explicit(seed):
    return torch.Generator().manual_seed(seed)


SHUFFLES = {  # (seed) -> the orders; each with what rand(1) of the default generator gives afterwards
    "RandomSampler": lambda seed: epochs(RandomSampler(INDICES)),
    "RandomSampler, numSamples 25": lambda seed: epochs(RandomSampler(INDICES, num_samples=25)),
    "RandomSampler, replacement": lambda seed: epochs(RandomSampler(INDICES, replacement=True)),
    "RandomSampler, replacement, numSamples 70": lambda seed: epochs(RandomSampler(INDICES, replacement=True, num_samples=70)),
    "RandomSampler, generator": lambda seed: epochs(RandomSampler(INDICES, generator=explicit(seed))),
    "RandomSampler of 1": lambda seed: epochs(RandomSampler([0])),
    "SubsetRandomSampler": lambda seed: epochs(SubsetRandomSampler([3, 1, 4, 1, 5, 9])),
    "DataLoader, shuffle": lambda seed: epochs(DataLoader(INDICES, batch_size=3, shuffle=True)),
    "DataLoader, shuffle, dropLast": lambda seed: epochs(DataLoader(INDICES, batch_size=4, shuffle=True, drop_last=True)),
    "DataLoader, shuffle, generator": lambda seed: epochs(DataLoader(INDICES, batch_size=3, shuffle=True, generator=explicit(seed))),
    "DataLoader, sampler": lambda seed: epochs(DataLoader(INDICES, batch_size=3, sampler=RandomSampler(INDICES))),
    "DataLoader in order": lambda seed: epochs(DataLoader(INDICES, batch_size=4)),
    "randomSplit [7, 3]": lambda seed: [[part.indices for part in random_split(INDICES, [7, 3])]],
    "randomSplit [.5, .3, .2]": lambda seed: [[part.indices for part in random_split(range(11), [0.5, 0.3, 0.2])]],
    "randomSplit, generator": lambda seed: [[part.indices for part in random_split(INDICES, [5, 5], generator=explicit(seed))]],
}


def shuffle(name, seed):
    torch.manual_seed(seed)
    return {"name": f"seed {seed}: {name}", "kind": name, "seed": seed, "shuffles": SHUFFLES[name](seed),
            "randAfter": encode(torch.rand(1))}


def two_loaders():
    """Two loaders in turn, and a draw between them: each takes what it needs from the one default generator."""
    torch.manual_seed(3)
    first, second = DataLoader(INDICES, batch_size=5, shuffle=True), DataLoader(INDICES, batch_size=2, shuffle=True)
    orders = [epochs(first, 1)[0], epochs(second, 1)[0]]
    between = torch.rand(1)
    orders += [epochs(first, 1)[0]]
    return {"name": "two loaders in turn", "seed": 3, "shuffles": orders, "randBetween": encode(between),
            "randAfter": encode(torch.rand(1))}


def make():
    sequences = [sequence(name, seed) for name in SEQUENCES for seed in SEEDS]
    shuffles = [shuffle(name, seed) for name in SHUFFLES for seed in SEEDS[:3]]
    write("rng", [*sequences, *shuffles, two_loaders()])
