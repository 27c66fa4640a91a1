"""One competitor of bench/step.ts: PyTorch, eager."""

import pathlib
import sys

import torch
from torch import nn

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from serve import serve  # noqa: E402


def make(task):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(784, task["hidden"]), nn.ReLU(), nn.Linear(task["hidden"], 10))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    images, labels = torch.randn(task["batch"], 784), torch.randint(10, (task["batch"],))

    def step():
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


serve(make)
