"""Make the fixtures: python spec/reference/make.py [family ...]   (all of them without an argument)."""

import importlib
import sys

import golden  # first: it settles how torch computes

FAMILIES = [
    "ops_pointwise",
    "ops_reduce",
    "ops_shape",
    "ops_matmul",
    "ops_linalg",
    "ops_linalg_more",
    "indexing",
    "ops_math",
    "ops_sort",
    "ops_masked",
    "op_db",
    "ops_scatter",
    "ops_assembly",
    "views",
    "habits",
    "ops_numeric",
    "ops_special",
    "ops_inplace",
    "ops_windows",
    "ops_nonfinite",
    "losses",
    "activations",
    "activation_samples",
    "activation_modules",
    "losses_regression",
    "losses_classification",
    "losses_margin",
    "losses_ctc",
    "losses_boxes",
    "losses_linear",
    "losses_adversarial",
    "losses_modules",
    "autograd",
    "autograd_functional",
    "autograd_more",
    "rng",
    "random_fills",
    "data_loading",
    "init",
    "nn_utils",
    "optim",
    "optim_rules",
    "optim_large",
    "optim_lbfgs",
    "optim_own",
    "schedulers",
    "swa",
    "modules",
    "printing",
    "printing_options",
    "mnist",
    "boston",
]

if __name__ == "__main__":
    for name in sys.argv[1:] or FAMILIES:
        importlib.import_module(name).make()
