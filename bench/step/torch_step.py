"""One competitor of bench/step.ts: PyTorch, eager. Answers each line {batch, hidden, steps} with milliseconds per step."""

import json
import sys
import time

import torch
from torch import nn

made = {}


def make(batch, hidden):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    images, labels = torch.randn(batch, 784), torch.randint(10, (batch,))

    def step():
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


for line in sys.stdin:
    task = json.loads(line)
    key = (task["batch"], task["hidden"])
    if key not in made:
        made[key] = make(*key)
        for _ in range(100):
            made[key]()
    start = time.perf_counter()
    for _ in range(task["steps"]):
        loss = made[key]()
    ms = (time.perf_counter() - start) * 1e3 / task["steps"]
    print(json.dumps({"ms": ms, "loss": loss}), flush=True)
