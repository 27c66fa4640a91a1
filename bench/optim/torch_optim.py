"""Two competitors of bench/optim.ts: PyTorch as it comes, and with --fused. Answers each task with milliseconds per step."""

import json
import sys
import time

import torch

FUSED = "--fused" in sys.argv
key, optimizer = "", None


def make(task):
    rule = getattr(torch.optim, task["rule"], None)
    if rule is None or (FUSED and "fused" not in rule.__init__.__code__.co_varnames):
        return None
    params = [torch.randn(shape, requires_grad=True) for shape in task["shapes"]]
    for p in params:
        p.grad = torch.randn(p.shape)
    return rule(params, **task["options"], **({"fused": True} if FUSED else {}))


for line in sys.stdin:
    task = json.loads(line)
    if line != key:
        optimizer = None
        optimizer, key = make(task), line
        if optimizer:
            for _ in range(task["steps"]):
                optimizer.step()
    if not optimizer:
        print(json.dumps({"ms": None}), flush=True)
        continue
    start = time.perf_counter()
    for _ in range(task["steps"]):
        optimizer.step()
    print(json.dumps({"ms": (time.perf_counter() - start) * 1e3 / task["steps"]}), flush=True)
