"""Every optimizer on one parameter that is large enough to be shared out to threads, for 50 steps.

The parameter, of "shape", and then each step's gradient come from randn after manual_seed("seed"). "out" has the elements at "places"
in the end, "out64" the same in float64, "drift" how far any element of the two is apart.
"""

import torch

from golden import FLOAT, camel_keys, encode, write
from optim_rules import RESUMED, exactly, optimizer_class, packed

SEED, STEPS = 11, 50
SHAPES = {"Muon": [48, 80]}
PLACES = torch.randint(0, 48 * 80, [300], generator=torch.Generator().manual_seed(SEED))
ROWS = {**RESUMED, "Adam": [{"lr": 0.02, "weight_decay": 0.1}]}


def train(name, options, shape, dtype):
    generator = torch.Generator().manual_seed(SEED)
    draw = lambda: torch.randn(shape, generator=generator).to(dtype)
    p = draw().requires_grad_()
    optimizer = optimizer_class(name)([p], **options)
    for _ in range(STEPS):
        p.grad = draw()
        optimizer.step()
    return p.detach().flatten()


def case(name, options):
    shape = SHAPES.get(name, [257, 300])
    p = train(name, options, shape, FLOAT)
    with exactly():
        p64 = train(name, options, shape, torch.float64)
    places = PLACES * (p.numel() // (48 * 80))
    text = " ".join(f"{key}={value}" for key, value in options.items())
    head = {"optimizer": name, "name": f"{name} {text}", "options": camel_keys(options), "shape": shape}
    drift = (p.double() - p64).abs().max().item()
    return head | {"places": places.tolist(), "out": packed(p[places]), "out64": packed(p64[places]), "drift": encode(drift)}


def make():
    cases = [case(name, options) for name, rows in ROWS.items() for options in rows]
    write("optim_large", cases, seed=SEED, steps=STEPS)
