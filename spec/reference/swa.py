"""torch.optim.swa_utils: the state_dict of an AveragedModel after each update_parameters, and update_bn.

"models" are the state dicts that the model has, one after the other; it is Sequential(Linear(3, 2), Counted()), see there.
"averaged" is what an averaged model has at first and after each update, for each way of averaging. "bn" is BatchNorm1d(3) of the
momentum given, before and after update_bn over "batches".
"""

import torch
from torch import nn
from torch.optim import swa_utils

from golden import encode, first_line, write

UPDATES = 5
drawn = torch.Generator().manual_seed(9)


class Counted(nn.Module):
    """Something with buffers of both kinds."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(2))
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("count", torch.tensor(0))
        self.register_buffer("scratch", torch.zeros(1), persistent=False)

    def forward(self, x):
        return x * self.scale - self.mean


def states():
    draw = lambda *shape: torch.randn(shape, generator=drawn)
    return [{"0.weight": draw(2, 3), "0.bias": draw(2), "1.scale": draw(2), "1.mean": draw(2), "1.count": torch.tensor(3 * i)}
            for i in range(UPDATES + 1)]


WAYS = {
    "the mean": {},
    "avg_fn ema": {"avg_fn": swa_utils.get_ema_avg_fn(0.9)},
    "avg_fn ema by default": {"avg_fn": swa_utils.get_ema_avg_fn()},
    "avg_fn swa": {"avg_fn": swa_utils.get_swa_avg_fn()},
    "avg_fn of one's own": {"avg_fn": lambda averaged, current, count: averaged * 0.25 + current / (count + 2)},
    "multi_avg_fn ema": {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.9)},
    "multi_avg_fn ema far": {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.2)},
    "multi_avg_fn swa": {"multi_avg_fn": swa_utils.get_swa_multi_avg_fn()},
}


def averaged(models, way, use_buffers):
    model = nn.Sequential(nn.Linear(3, 2), Counted())
    model.load_state_dict(models[0])
    average = swa_utils.AveragedModel(model, **WAYS[way], use_buffers=use_buffers)
    case = {"kind": "average", "name": f"{way}{' with buffers' * use_buffers}", "useBuffers": use_buffers}
    seen = [encode(average.state_dict())]
    for state in models[1:]:
        model.load_state_dict(state)
        try:
            average.update_parameters(model)
        except RuntimeError as error:
            return case | {"averaged": seen, "throws": first_line(error)}
        seen.append(encode(average.state_dict()))
    return case | {"averaged": seen, "output": encode(average(torch.ones(1, 3)))}


def batch_norm(batches, momentum):
    bn = nn.BatchNorm1d(3, momentum=momentum)
    bn(torch.full((2, 3), 7.0))
    before = encode(bn.state_dict())
    bn.eval()
    swa_utils.update_bn([(batch, None) for batch in batches], bn)
    assert not bn.training and bn.momentum == momentum
    return {"kind": "bn", "name": f"momentum {momentum}", "momentum": momentum, "before": before,
            "after": encode(bn.state_dict())}


def make():
    models = states()
    batches = [torch.randn((n, 3), generator=drawn) for n in (4, 4, 3)]
    cases = [averaged(models, way, use_buffers) for way in WAYS for use_buffers in (False, True)]
    cases += [batch_norm(batches, momentum) for momentum in (0.1, 0.5, None)]
    write("swa", cases, models=models, batches=batches)
