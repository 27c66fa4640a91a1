"""One competitor of bench/losses.ts: PyTorch."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import torch
import torch.nn.functional as F
from serve import serve


def signs(x):
    return (x > 0).float() * 2 - 1


def focal(x, labels):
    entropy = F.cross_entropy(x, labels, reduction="none")
    return (entropy * -torch.expm1(-entropy) ** 2).mean()


def make(task):
    n, c = task["shape"]
    torch.manual_seed(0)
    x, y, z = torch.randn(n, c, requires_grad=True), torch.randn(n, c), torch.randn(n, c)
    p, q = torch.rand(n, c), torch.randn(n, c).softmax(1)
    probabilities = torch.rand(n, c).clamp(0.01, 0.99).requires_grad_()
    labels, each, rows, weight = torch.randint(c, [n]), signs(torch.randn(n, c)), signs(torch.randn(n)), torch.rand(c)
    loss = {
        "crossEntropy": lambda: F.cross_entropy(x, labels),
        "crossEntropy smoothed": lambda: F.cross_entropy(x, labels, label_smoothing=0.1),
        "crossEntropy of probabilities": lambda: F.cross_entropy(x, q),
        "nllLoss": lambda: F.nll_loss(x, labels),
        "focalLoss": lambda: focal(x, labels),
        "mseLoss": lambda: F.mse_loss(x, y),
        "l1Loss": lambda: F.l1_loss(x, y),
        "smoothL1Loss": lambda: F.smooth_l1_loss(x, y),
        "huberLoss": lambda: F.huber_loss(x, y),
        "binaryCrossEntropy": lambda: F.binary_cross_entropy(probabilities, p),
        "binaryCrossEntropyWithLogits": lambda: F.binary_cross_entropy_with_logits(x, p),
        "binaryCrossEntropyWithLogits posWeight": lambda: F.binary_cross_entropy_with_logits(x, p, pos_weight=weight),
        "klDiv": lambda: F.kl_div(x, q, reduction="batchmean"),
        "poissonNllLoss": lambda: F.poisson_nll_loss(x, p),
        "gaussianNllLoss": lambda: F.gaussian_nll_loss(x, y, p),
        "softMarginLoss": lambda: F.soft_margin_loss(x, each),
        "multilabelSoftMarginLoss": lambda: F.multilabel_soft_margin_loss(x, p),
        "marginRankingLoss": lambda: F.margin_ranking_loss(x, y, each, 0.5),
        "hingeEmbeddingLoss": lambda: F.hinge_embedding_loss(x, each),
        "cosineEmbeddingLoss": lambda: F.cosine_embedding_loss(x, y, rows),
        "tripletMarginLoss": lambda: F.triplet_margin_loss(x, y, z),
        "multiMarginLoss": lambda: F.multi_margin_loss(x, labels),
        "gelu": lambda: F.gelu(x).sum(),
    }[task["name"]]
    leaf = probabilities if task["name"] == "binaryCrossEntropy" else x

    def step():
        leaf.grad = None
        loss().backward()

    return step


serve(make)
