"""torch's own sample inputs (torch.testing's op_db) as cases of a family."""

import torch
from golden import tensors
from torch.testing._internal.common_methods_invocations import op_db

LARGEST = 130  # a sample with a larger tensor is left out: its elements add bytes, not cases


def whole(value):
    """Numbers the way JavaScript has them: 2.0 is 2."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return [whole(item) for item in value] if isinstance(value, (list, tuple)) else value


def sampled(family, name, parameters=(), positional=0, *, variant="", dtype=torch.float32, most=24, **options):
    """A case for each of the first `most` sample inputs of op `name`, called Flambeau's way.

    parameters: the names of what follows the input. The first `positional` of them go by position, the others by name.
    """
    [op] = [op for op in op_db if op.name == name and op.variant_test_name == variant]
    torch.manual_seed(0)
    differentiable = op.supports_autograd and dtype.is_floating_point
    taken = 0
    for i, sample in enumerate(op.sample_inputs("cpu", dtype, requires_grad=differentiable)):
        given = dict(zip(parameters, sample.args)) | sample.kwargs
        args = [sample.input]
        for parameter in parameters[:positional]:
            if parameter not in given:
                break
            args.append(given.pop(parameter))
        if taken == most or any(t.numel() > LARGEST or t.is_complex() for t in tensors([args, list(given.values())])):
            continue
        taken += 1
        note = f"op_db {variant} {i} {str(dtype).removeprefix('torch.')}".replace("  ", " ")
        plain = lambda value: whole(value) if not isinstance(value, torch.Tensor) else value
        settings = {"grad": differentiable} | options
        family.case(op.name, *map(plain, args), note=note, **{key: plain(v) for key, v in given.items()}, **settings)
