"""How a call of PyTorch is written for Flambeau: required arguments and the first optional one by position, the rest by name."""

import inspect

import torch

# So many may be positional where several optional arguments are one notion.
ONE_NOTION = {
    "arange": 3,
    "clamp": 3,
    "clip": 3,
    "eye": 2,
    "flatten": 3,
    "linalg.matrix_norm": 3,
    "linalg.norm": 3,
    "linalg.vector_norm": 3,
    "norm": 3,
    "normal": 3,
    "randint": 3,
    "randint_like": 3,
    "roll": 3,
    "uniform": 3,
}
# Their signatures are written nowhere.
AS_IT_IS = {"nonzero", "sum_to_size", "polygamma", "special.polygamma"}
# What has no meaning for Flambeau and passes at PyTorch's default.
NEUTRAL = {"device", "layout", "memory_format", "pin_memory", "out"}
DTYPES = {torch.float32, torch.int64, torch.int32, torch.bool}


class Untranslatable(Exception):
    """A call that has no counterpart: another dtype, a generator, too large."""


def translate(name, args, kwargs):
    """(args, options) of the call as Flambeau takes it, options in torch's spelling."""
    kwargs = {key: value for key, value in kwargs.items() if key not in NEUTRAL}
    kwargs = {key: value for key, value in kwargs.items() if (key, value) not in [("dtype", None), ("requires_grad", False)]}
    if name in AS_IT_IS:
        return args, kwargs
    for parameters in overloads(name):
        if any(p.variadic for p in parameters):
            return args, kwargs
        if fits(parameters, args, kwargs):
            return arrange(name, parameters, args, kwargs)
    if not kwargs and len(args) <= 1:
        return args, kwargs
    raise Untranslatable("no overload takes this")


class Parameter:
    def __init__(self, name, optional, keyword, kind=None, variadic=False):
        self.name, self.optional, self.keyword, self.kind, self.variadic = name, optional, keyword, kind, variadic


def overloads(name):
    """The parameters of each overload of a function."""
    python = getattr(torch, name, None) or getattr(torch.Tensor, name, None)
    python = {"unique": torch.functional._unique_impl, "unique_consecutive": torch.functional._unique_consecutive_impl}.get(name, python)
    if inspect.isfunction(python):
        yield [
            Parameter(p.name, p.default is not p.empty, p.kind is p.KEYWORD_ONLY, None, p.kind is p.VAR_POSITIONAL)
            for p in inspect.signature(python).parameters.values()
        ]
    for schema in torch._C._jit_get_schemas_for_operator("aten::" + name.replace(".", "_")):
        if not any("Dimname" in str(a.type) for a in schema.arguments) and "out" not in schema.overload_name:
            yield [Parameter(a.name, a.has_default_value(), a.kwarg_only, str(a.type)) for a in schema.arguments]


def fits(parameters, args, kwargs):
    positional = [p for p in parameters if not p.keyword]
    names = [p.name for p in parameters]
    if len(args) > len(positional) or any(key not in names for key in kwargs):
        return False
    given = [p.name for p in positional[: len(args)]] + list(kwargs)
    if len(set(given)) < len(given) or any(not p.optional and p.name not in given for p in parameters):
        return False
    return all(p.kind is None or accepts(p.kind, value) for p, value in zip(positional, args))


def accepts(kind, value):
    if isinstance(value, torch.Tensor):
        return "Tensor" in kind and "List" not in kind
    if isinstance(value, (list, tuple)):
        return "List[" in kind and (not value or isinstance(value[0], torch.Tensor) == ("Tensor" in kind))
    if isinstance(value, bool):
        return kind in ("bool", "number", "Scalar", "Optional[bool]", "Optional[number]")
    if isinstance(value, (int, float)):
        return any(word in kind for word in (("int",) if isinstance(value, int) else ()) + ("number", "float"))
    return True


def arrange(name, parameters, args, kwargs):
    positional = [p for p in parameters if not p.keyword]
    required = sum(not p.optional for p in positional)
    limit = ONE_NOTION.get(name, required + 1)
    args, kwargs = list(args), dict(kwargs)
    # A required argument that is given by name goes to its place.
    while len(args) < required:
        args.append(kwargs.pop(positional[len(args)].name))
    named = {positional[i].name: args[i] for i in range(limit, len(args))}
    return args[:limit], {**named, **kwargs}


def plain(value):
    """The value with lists for tuples; Untranslatable where Flambeau has no such thing."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    dtype = value if isinstance(value, torch.dtype) else value.dtype if isinstance(value, torch.Tensor) else None
    if dtype is not None and dtype not in DTYPES:
        raise Untranslatable(str(dtype))
    if isinstance(value, torch.Tensor) and value.is_meta:
        raise Untranslatable("a tensor without elements")
    if value is None or isinstance(value, (bool, int, float, str, torch.Tensor, torch.dtype)):
        return value
    raise Untranslatable(f"a {type(value).__name__}")
