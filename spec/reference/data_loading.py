"""Datasets, samplers, loaders, collating and image transforms, beyond the index orders in rng.json.

"weighted"  orders of WeightedRandomSampler, and rand(1) afterwards
"streams"   what a generator gives between and after partly read loaders and samplers: the draws happen when they are read
"splits"    lengths of random_split
"collate"   default_collate of samples (a 1.5 is a float, a 2 an int)
"errors"    messages, in Python's names
"digests"   SHA-256 of the bytes of long draws from seed 0: every last bit of the first 2^20 numbers
"images"    torchvision's ToTensor and Normalize, in its own steps: byte to float32, /255, sub_, div_
"""

import hashlib

import torch
from torch.utils.data import (BatchSampler, DataLoader, RandomSampler, SequentialSampler, Subset, TensorDataset,
                              WeightedRandomSampler, default_collate, random_split)

from golden import encode, needs_mersenne_bernoulli, thrown, write

needs_mersenne_bernoulli()
WEIGHTS = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6]
TENTH = range(10)


def case(kind, name, **content):
    return {"kind": kind, "name": name, **{key: encode(value) for key, value in content.items()}}


def seeded(seed):
    return torch.Generator().manual_seed(seed)


# ---- weighted -------------------------------------------------------------------------------------------------------


def weighted(weights, n, replacement, seed):
    torch.manual_seed(seed)
    sampler = WeightedRandomSampler(weights, n, replacement)
    return case("weighted", f"{n} of {len(weights)}, replacement {replacement}, seed {seed}", weights=weights, n=n,
                replacement=replacement, seed=seed, orders=[list(sampler), list(sampler)], after=torch.rand(1))


def all_weighted():
    many = [(i * 7919 % 101) / 10 for i in range(300)]
    return [weighted(weights, n, replacement, seed)
            for weights, n, replacement in [(WEIGHTS, 5, True), (WEIGHTS, 40, True), (WEIGHTS, 1, True), (WEIGHTS, 5, False),
                                            (WEIGHTS, 6, False), ([0, 0, 2], 4, True), ([5], 3, True), (many, 100, True),
                                            (many, 100, False)]
            for seed in [0, 7]]


# ---- streams --------------------------------------------------------------------------------------------------------


def batches(iterable):
    return [item.tolist() if isinstance(item, torch.Tensor) else item for item in iterable]


def default_streams():
    torch.manual_seed(5)
    loader = DataLoader(TENTH, batch_size=4, shuffle=True)
    first = iter(loader)  # the base seed is drawn here, the sampler's with the first batch
    steps = [torch.rand(1), next(first), torch.rand(1), next(first), torch.rand(1)]
    second = iter(loader)
    steps += [next(second), torch.rand(1), batches(first), torch.rand(1), batches(second), torch.rand(1)]
    return case("streams", "two iterators of one loader", steps=steps)


def own_streams(name, make):
    generator = seeded(11)
    iterable = make(generator)
    draw = lambda: torch.rand(1, generator=generator)
    steps = [draw(), batches(iterable), draw()]
    one = iter(iterable)
    steps += [next(one), draw(), batches(one), draw()]
    return case("streams", name, steps=steps)


OWN = {
    "RandomSampler": lambda g: RandomSampler(TENTH, generator=g),
    "RandomSampler 20": lambda g: RandomSampler(TENTH, num_samples=20, generator=g),
    "RandomSampler 7": lambda g: RandomSampler(TENTH, num_samples=7, generator=g),
    "RandomSampler replacement 64": lambda g: RandomSampler(TENTH, True, 64, generator=g),
    "DataLoader 5": lambda g: DataLoader(TENTH, batch_size=5, shuffle=True, generator=g),
    "DataLoader 5 drop": lambda g: DataLoader(TENTH, batch_size=5, shuffle=True, drop_last=True, generator=g),
    "DataLoader 4": lambda g: DataLoader(TENTH, batch_size=4, shuffle=True, generator=g),
    "DataLoader unbatched": lambda g: DataLoader(TENTH, batch_size=None, shuffle=True, generator=g),
    "DataLoader in order": lambda g: DataLoader(TENTH, batch_size=3, generator=g),
    "DataLoader batchSampler": lambda g: DataLoader(
        TENTH, batch_sampler=BatchSampler(RandomSampler(TENTH, generator=g), 3, True), generator=g),
}


# ---- digests --------------------------------------------------------------------------------------------------------

LONG = 2**20
DIGESTS = {
    "normal": lambda g: torch.randn(LONG, generator=g),
    "normal 0.1 0.02": lambda g: torch.empty(LONG).normal_(0.1, 0.02, generator=g),
    "uniform -0.3 0.7": lambda g: torch.empty(LONG).uniform_(-0.3, 0.7, generator=g),
    "bernoulli 0.3": lambda g: torch.empty(LONG).bernoulli_(0.3, generator=g),
    "permutation": lambda g: torch.randperm(LONG, generator=g).int(),
    "integers": lambda g: torch.randint(-5, 1000, (LONG,), generator=g).int(),
}


def digest(name):
    drawn = DIGESTS[name](seeded(0))
    return {"kind": "digests", "name": name, "sha256": hashlib.sha256(drawn.numpy().tobytes()).hexdigest()}


# ---- splits ---------------------------------------------------------------------------------------------------------


def split(n, lengths):
    parts = random_split(range(n), lengths, generator=seeded(3))
    return case("splits", f"{n} into {lengths}", n=n, lengths=lengths, indices=[part.indices for part in parts])


SPLITS = [(10, [10]), (10, [3, 0, 7]), (10, [0.25, 0.25, 0.5]), (11, [0.3, 0.3, 0.4]), (7, [0.34, 0.33, 0.33]), (5, [1]),
          (1, [1]), (1000, [0.1] * 10), (17, [0.7, 0.2, 0.1]), (3, [0.9, 0.1])]


# ---- collate --------------------------------------------------------------------------------------------------------

COLLATE = {
    "ints": [3, 1, -2],
    "floats": [0.5, 2.25, -1.5],
    "booleans": [True, False, True],
    "strings": ["a", "b"],
    "tensors": [torch.tensor([1.5, 2.5]), torch.tensor([3.5, 4.5])],
    "scalar tensors": [torch.tensor(1.5), torch.tensor(2.5)],
    "int tensors": [torch.tensor([[1], [2]]), torch.tensor([[3], [4]])],
    "bool tensors": [torch.tensor([True]), torch.tensor([False])],
    "pairs": [(torch.tensor([1.5]), 0), (torch.tensor([2.5]), 1), (torch.tensor([3.5]), 2)],
    "lists": [[1, 0.5], [2, 1.5]],
    "objects": [{"x": torch.tensor([1.5]), "y": 1, "name": "a"}, {"x": torch.tensor([2.5]), "y": 2, "name": "b"}],
    "deep": [{"a": [(1, 2.5), {"b": True}]}, {"a": [(3, 4.5), {"b": False}]}],
}


def collate(name):
    samples = COLLATE[name]
    out = default_collate(samples)
    single = lambda value: value.float() if isinstance(value, torch.Tensor) and value.dtype == torch.float64 else value
    walk = lambda value: ({k: walk(v) for k, v in value.items()} if isinstance(value, dict)
                          else [walk(v) for v in value] if isinstance(value, (list, tuple)) else single(value))
    return case("collate", name, samples=samples, out=walk(out))


# ---- errors ---------------------------------------------------------------------------------------------------------

X = torch.arange(6.0).reshape(3, 2)
ERRORS = {
    "tensors of different length": lambda: TensorDataset(X, torch.zeros(2)),
    "index too high": lambda: TensorDataset(X)[3],
    "index too low": lambda: TensorDataset(X)[-4],
    "collate unequal tensors": lambda: default_collate([torch.zeros(2), torch.zeros(3)]),
    "collate unequal lists": lambda: default_collate([[1, 2], [3]]),
    "split with a wrong sum": lambda: random_split(TENTH, [3, 3]),
    "split with a fraction above 1": lambda: random_split(TENTH, [1.5, -0.5]),
    "BatchSampler batchSize 0": lambda: BatchSampler(SequentialSampler(TENTH), 0, False),
    "BatchSampler dropLast 1": lambda: BatchSampler(SequentialSampler(TENTH), 2, 1),
    "RandomSampler of nothing": lambda: RandomSampler([]),
    "RandomSampler numSamples 0": lambda: RandomSampler(TENTH, num_samples=0),
    "RandomSampler replacement 1": lambda: RandomSampler(TENTH, replacement=1),
    "WeightedRandomSampler numSamples 0": lambda: WeightedRandomSampler(WEIGHTS, 0),
    "WeightedRandomSampler replacement 1": lambda: WeightedRandomSampler(WEIGHTS, 2, 1),
    "weights of 2 dimensions": lambda: WeightedRandomSampler(torch.ones(2, 3), 2),
    "too many without replacement": lambda: list(WeightedRandomSampler([1, 1], 3, False)),
    "negative weight": lambda: list(WeightedRandomSampler([1, -1], 1)),
    "weights of sum 0": lambda: list(WeightedRandomSampler([0, 0], 1)),
    "sampler and shuffle": lambda: DataLoader(TENTH, shuffle=True, sampler=SequentialSampler(TENTH)),
    "batchSampler and batchSize": lambda: DataLoader(TENTH, batch_size=2, batch_sampler=[[0]]),
    "no batches and dropLast": lambda: DataLoader(TENTH, batch_size=None, drop_last=True),
    "shuffle of nothing": lambda: DataLoader([], shuffle=True),
    "batchSize 0": lambda: DataLoader(TENTH, batch_size=0),
}


# ---- images ---------------------------------------------------------------------------------------------------------


def image(name, height, width, channels, mean, std):
    count = height * width * channels
    pixels = torch.tensor([(i * 37 + 11) % 256 for i in range(count)], dtype=torch.uint8)
    scaled = pixels.view(height, width, channels).permute(2, 0, 1).contiguous().float().div(255)
    shaped = lambda values: torch.tensor(values, dtype=torch.float32).view(-1, 1, 1)
    normal = scaled.clone().sub_(shaped(mean)).div_(shaped(std))
    return case("images", name, height=height, width=width, channels=channels, mean=mean, std=std, pixels=pixels.tolist(),
                scaled=scaled, normal=normal)


IMAGES = [
    ("every byte, MNIST's numbers", 16, 16, 1, [0.1307], [0.3081]),
    ("every byte, (0.5, 0.5)", 16, 16, 1, [0.5], [0.5]),
    ("colour, ImageNet's numbers", 16, 20, 3, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ("one number for three channels", 4, 5, 3, [0.1], [0.3]),
]


def make():
    write("data_loading", [
        *all_weighted(),
        default_streams(),
        *[own_streams(name, build) for name, build in OWN.items()],
        *[digest(name) for name in DIGESTS],
        *[split(n, lengths) for n, lengths in SPLITS],
        *[collate(name) for name in COLLATE],
        *[{"kind": "errors", "name": name, **thrown(call)} for name, call in ERRORS.items()],
        *[image(*row) for row in IMAGES],
    ])


if __name__ == "__main__":
    make()
