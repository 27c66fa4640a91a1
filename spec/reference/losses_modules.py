"""Loss modules seen from outside: repr, attributes and state dict; gradients of those with parameters."""

import torch
import torch.nn as nn

from golden import camel_keys, encode, write

WEIGHT = torch.ones(4)
MODULES = [  # class, arguments, options
    *[(name, [], {}) for name in """L1Loss MSELoss CrossEntropyLoss NLLLoss PoissonNLLLoss GaussianNLLLoss KLDivLoss BCELoss
      BCEWithLogitsLoss MarginRankingLoss HingeEmbeddingLoss HuberLoss SmoothL1Loss SoftMarginLoss MultiLabelMarginLoss
      MultiLabelSoftMarginLoss MultiMarginLoss CosineEmbeddingLoss TripletMarginLoss
      TripletMarginWithDistanceLoss CTCLoss""".split()],
    *[(name, [WEIGHT], {}) for name in ["CrossEntropyLoss", "NLLLoss", "BCELoss", "MultiLabelSoftMarginLoss"]],
    ("BCEWithLogitsLoss", [], {"weight": WEIGHT, "pos_weight": WEIGHT * 2}),
    ("BCEWithLogitsLoss", [], {"pos_weight": WEIGHT * 2}),
    ("MultiMarginLoss", [], {"weight": WEIGHT}),
    ("LinearCrossEntropyLoss", [5, 4], {}),
    ("LinearCrossEntropyLoss", [5, 4], {"out_features": [2], "bias": True, "weight": WEIGHT, "ignore_index": 1, "label_smoothing": 0.1}),
    ("LinearCrossEntropyLoss", [5, 4], {"out_features": [2, 3], "reduction": "sum"}),
    ("AdaptiveLogSoftmaxWithLoss", [16, 20, [4, 10]], {}),
    ("AdaptiveLogSoftmaxWithLoss", [16, 20, [4, 10]], {"div_value": 2, "head_bias": True}),
]


def seen(name, args, options):
    torch.manual_seed(0)
    tuples = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    module = getattr(nn, name)(*args, **tuples)
    plain = {key: value for key, value in vars(module).items()
             if not key.startswith("_") and isinstance(value, (bool, int, float, str)) and key != "training"}
    return {"kind": "seen", "fn": name, "name": f"{name} {args} {sorted(options)}", "args": encode(args), "options": encode(camel_keys(options)),
            "repr": repr(module), "attributes": camel_keys(plain), "stateDict": encode(dict(module.state_dict()))}


def trained(name, args, options, shape, target):
    """The gradients of the parameters, and for the adaptive softmax what else it computes."""
    torch.manual_seed(0)
    module = getattr(nn, name)(*args, **options)
    x = torch.randn(shape)
    out = module(x, target)
    (out if isinstance(out, torch.Tensor) else out.loss).backward()
    case = {"kind": "trained", "fn": name, "name": f"{name} {options} {target.tolist()}", "args": encode(args), "options": encode(camel_keys(options)),
            "input": encode(x), "target": encode(target),
            "grads": {key: encode(p.grad) for key, p in module.named_parameters()}}
    if isinstance(out, torch.Tensor):
        return case
    with torch.no_grad():
        # So that some of the predictions are in the clusters.
        module.head.weight[module.shortlist_size:] *= 20
        return case | {"logProb": encode(module.log_prob(x)), "predict": encode(module.predict(x))}


def make():
    names = [name for name in dir(nn) if name.endswith("Loss")]
    linear = [trained("LinearCrossEntropyLoss", [5, 4], {"bias": bias, "reduction": reduction}, [6, 5], torch.tensor([0, 1, 2, 3, 0, -100]))
              for bias in [True, False] for reduction in ["mean", "sum"]]
    adaptive = [trained("AdaptiveLogSoftmaxWithLoss", [16, 20, [4, 10]], {"head_bias": bias}, [6, 16], torch.tensor(target))
                for bias in [True, False] for target in [[0, 5, 12, 3, 19, 10], [0, 1, 2, 3, 5, 5], [0, 0, 0, 0, 0, 0]]]
    write("losses_modules", [*(seen(*row) for row in MODULES), *linear, *adaptive], names=names)
