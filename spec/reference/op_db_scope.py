"""Which of op_db's functions Flambeau has, and why not the others."""

# Whole areas.
PREFIXES = {
    "nn.functional.": "fixtures of their own, with the layers and losses",
    "fft.": "complex numbers",
    "sparse.": "sparse tensors",
    "masked.": "torch.masked is a prototype",
    "signal.": "not there",
    "native_": "internal",
    "_": "internal",
    "torch.": "internal",
    "jiterator": "CUDA only",
}

EXCLUDED = {
    "complex numbers": """
        angle cdouble cfloat chalf complex conj conj_physical imag linalg.eig linalg.eigvals polar real resolve_conj
        resolve_neg stft istft view_as_complex view_as_real""",
    "float64, half and small integers are not there": "bfloat16 byte char double float_power half short",
    "sparse tensors": "to_sparse",
    "no strides, no storage that two shapes share": """
        as_strided as_strided_copy as_strided_scatter empty_permuted empty_strided new_empty_strided resize_ resize_as_""",
    "copies of views, internal": """
        alias_copy diagonal_copy expand_copy permute_copy split_with_sizes_copy squeeze_copy t_copy transpose_copy
        unbind_copy unfold_copy unsqueeze_copy view_copy unsafe_chunk unsafe_split constant_pad_nd hash_tensor
        max_pool2d_with_indices_backward grid_sampler_2d grid_sampler_3d nonzero_static""",
    "what is in an empty tensor is nobody's promise": "empty empty_like new_empty",
    "deprecated": "lu triangular_solve qr svd geqrf ormqr",
    "the signs of its factors are nobody's promise; fixtures of its own": "linalg.qr linalg.svd linalg.eigh svd_lowrank pca_lowrank",
    "another function around it": "linalg.pinv:singular bmm:triton_optimized",
    "no kernel in libtensorflow": """
        special.airy_ai special.bessel_j0 special.bessel_j1 special.bessel_y0 special.bessel_y1 special.chebyshev_polynomial_t
        special.chebyshev_polynomial_u special.chebyshev_polynomial_v special.chebyshev_polynomial_w
        special.hermite_polynomial_h special.hermite_polynomial_he special.laguerre_polynomial_l
        special.legendre_polynomial_p special.modified_bessel_i0 special.modified_bessel_i1 special.modified_bessel_k0
        special.modified_bessel_k1 special.scaled_modified_bessel_k0 special.scaled_modified_bessel_k1
        special.shifted_chebyshev_polynomial_t special.shifted_chebyshev_polynomial_u
        special.shifted_chebyshev_polynomial_v special.shifted_chebyshev_polynomial_w special.spherical_bessel_j0""",
    "a method here takes its arguments by x.index(slice(…))": "slice",
    "not there": """
        histogram histogramdd linalg.householder_product linalg.ldl_factor linalg.ldl_factor_ex linalg.ldl_solve
        linalg.lu_factor_ex cholesky""",
}
WHY = {name: reason for reason, names in EXCLUDED.items() for name in names.split()}

# With ties the index is nobody's promise, and integers have them.
FLOAT_ONLY = {"kthvalue", "topk"}
# Their in-place forms would give a tensor another shape, which no tensor here can take.
KEEP_SHAPE = {"squeeze", "t", "transpose", "unsqueeze"}
# What draws random numbers: the seed is set right before the call.
SEEDED = set(
    "rand randn randint rand_like randn_like randint_like normal bernoulli multinomial cauchy exponential geometric log_normal uniform".split()
)
# In op_db under the name of a function, in PyTorch only in place.
IN_PLACE = {name: name + "_" for name in ["cauchy", "exponential", "geometric", "log_normal", "uniform", "fill"]} | {"normal:in_place": "normal_"}


def out_of_scope(op):
    key = f"{op.name}:{op.variant_test_name}"
    return WHY.get(op.name) or WHY.get(key) or next((why for prefix, why in PREFIXES.items() if op.name.startswith(prefix)), None)
