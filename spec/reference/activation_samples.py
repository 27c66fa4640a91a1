"""The functions of `activations` on the inputs that PyTorch's own tests draw (op_db), the small ones of them."""

import warnings

import torch

from golden import Family, needs_mersenne_bernoulli, tensors

needs_mersenne_bernoulli()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_methods_invocations import op_db

family = Family("activation_samples")
make = family.write
PREFIX = "nn.functional."
LARGEST = 128

NAMES = """
relu relu6 leaky_relu prelu rrelu elu selu celu gelu silu mish hardswish hardsigmoid hardtanh softplus softsign tanhshrink softshrink
hardshrink threshold logsigmoid softmin glu normalize cosine_similarity pairwise_distance pdist one_hot dropout alpha_dropout
feature_alpha_dropout dropout2d dropout3d bilinear pixel_shuffle pixel_unshuffle channel_shuffle
""".split()
NAMES = [PREFIX + name for name in NAMES] + ["softmax", "log_softmax", "sigmoid", "tanh"]
REQUIRED = ["weight", "upscale_factor", "downscale_factor"]  # given by name in op_db


def whole(value):
    return int(value) if isinstance(value, float) and value.is_integer() else value


def call(sample):
    """Its arguments and options, as Flambeau takes them."""
    options = {key: whole(value) for key, value in sample.kwargs.items()}
    return [sample.input, *map(whole, sample.args), *(options.pop(key) for key in REQUIRED if key in options)], options


def differentiable(function, args, options):
    """False where PyTorch's gradient fails or does not exist: of empty pixels and rows."""
    leaves = [arg.detach().requires_grad_() if torch.is_tensor(arg) and arg.is_floating_point() else arg for arg in args]
    try:
        out = function(*leaves, **options)
        return None not in torch.autograd.grad(out.sum(), [leaf for leaf in leaves if torch.is_tensor(leaf)], allow_unused=True)
    except RuntimeError:
        return False


for op in op_db:
    if op.name not in NAMES or op.variant_test_name in ["with_dtype", "complex"]:
        continue
    torch.manual_seed(0)
    ns, name = ("nn.functional", op.name.removeprefix(PREFIX)) if op.name.startswith(PREFIX) else ("", op.name)
    dtype = torch.int64 if name == "one_hot" else torch.float32
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = list(op.sample_inputs("cpu", dtype))
    for i, sample in enumerate(samples):
        args, options = call(sample)
        if max(tensor.numel() for tensor in tensors(args)) > LARGEST:
            continue
        note = f"{op.variant_test_name} sample {i}".strip()
        grad = differentiable(op.op, args, options)
        family.case(name, *args, ns=ns, note=note, grad=grad, seed=1, **options)
    for i, sample in enumerate(op.error_inputs_func(op, "cpu") if op.error_inputs_func else []):
        args, options = call(sample.sample_input)
        family.error(name, *args, ns=ns, note=f"error {i}", **options)
