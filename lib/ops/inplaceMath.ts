import type { Tensor } from '../tensor/tensor';
import { clampMax, clampMin } from './clamp';
import * as combine from './combine';
import type { Operand, Unary } from './define';
import { abs_, clamp_, div_, inPlaceOf, mul_, neg_, sub_ } from './inplace';
import * as special from './special';
import * as trigonometry from './trigonometry';

type InPlaceBinary = (self: Tensor, other: Operand) => Tensor;

/** In-place tan. See torch.Tensor.tan_. */
export const tan_: Unary = inPlaceOf('tan_', trigonometry.tan);
/** In-place asin. See torch.Tensor.asin_. */
export const asin_: Unary = inPlaceOf('asin_', trigonometry.asin);
/** In-place acos. See torch.Tensor.acos_. */
export const acos_: Unary = inPlaceOf('acos_', trigonometry.acos);
/** In-place atan. See torch.Tensor.atan_. */
export const atan_: Unary = inPlaceOf('atan_', trigonometry.atan);
/** In-place sinh. See torch.Tensor.sinh_. */
export const sinh_: Unary = inPlaceOf('sinh_', trigonometry.sinh);
/** In-place cosh. See torch.Tensor.cosh_. */
export const cosh_: Unary = inPlaceOf('cosh_', trigonometry.cosh);
/** In-place asinh. See torch.Tensor.asinh_. */
export const asinh_: Unary = inPlaceOf('asinh_', trigonometry.asinh);
/** In-place acosh. See torch.Tensor.acosh_. */
export const acosh_: Unary = inPlaceOf('acosh_', trigonometry.acosh);
/** In-place atanh. See torch.Tensor.atanh_. */
export const atanh_: Unary = inPlaceOf('atanh_', trigonometry.atanh);
/** In-place sinc. See torch.Tensor.sinc_. */
export const sinc_: Unary = inPlaceOf('sinc_', trigonometry.sinc);
/** In-place deg2rad. See torch.Tensor.deg2rad_. */
export const deg2rad_: Unary = inPlaceOf('deg2rad_', trigonometry.deg2rad);
/** In-place rad2deg. See torch.Tensor.rad2deg_. */
export const rad2deg_: Unary = inPlaceOf('rad2deg_', trigonometry.rad2deg);
/** In-place exp2. See torch.Tensor.exp2_. */
export const exp2_: Unary = inPlaceOf('exp2_', special.exp2);
/** In-place log2. See torch.Tensor.log2_. */
export const log2_: Unary = inPlaceOf('log2_', special.log2);
/** In-place log10. See torch.Tensor.log10_. */
export const log10_: Unary = inPlaceOf('log10_', special.log10);
/** In-place erfc. See torch.Tensor.erfc_. */
export const erfc_: Unary = inPlaceOf('erfc_', special.erfc);
/** In-place erfinv. See torch.Tensor.erfinv_. */
export const erfinv_: Unary = inPlaceOf('erfinv_', special.erfinv);
/** In-place lgamma. See torch.Tensor.lgamma_. */
export const lgamma_: Unary = inPlaceOf('lgamma_', special.lgamma);
/** In-place digamma. See torch.Tensor.digamma_. */
export const digamma_: Unary = inPlaceOf('digamma_', special.digamma);
/** In-place frac. See torch.Tensor.frac_. */
export const frac_: Unary = inPlaceOf('frac_', special.frac);
/** In-place sgn. See torch.Tensor.sgn_. */
export const sgn_: Unary = inPlaceOf('sgn_', special.sgn);
/** In-place bitwiseNot. See torch.Tensor.bitwise_not_. */
export const bitwiseNot_: Unary = inPlaceOf('bitwiseNot_', combine.bitwiseNot);
/** As {@link asin_}. See torch.Tensor.arcsin_. */
export const arcsin_: Unary = asin_;
/** As {@link acos_}. See torch.Tensor.arccos_. */
export const arccos_: Unary = acos_;
/** As {@link atan_}. See torch.Tensor.arctan_. */
export const arctan_: Unary = atan_;
/** As {@link asinh_}. See torch.Tensor.arcsinh_. */
export const arcsinh_: Unary = asinh_;
/** As {@link acosh_}. See torch.Tensor.arccosh_. */
export const arccosh_: Unary = acosh_;
/** As {@link atanh_}. See torch.Tensor.arctanh_. */
export const arctanh_: Unary = atanh_;
/** In-place atan2. See torch.Tensor.atan2_. */
export const atan2_: InPlaceBinary = inPlaceOf('atan2_', trigonometry.atan2);
/** In-place hypot. See torch.Tensor.hypot_. */
export const hypot_: InPlaceBinary = inPlaceOf('hypot_', trigonometry.hypot);
/** In-place xlogy. See torch.Tensor.xlogy_. */
export const xlogy_: InPlaceBinary = inPlaceOf('xlogy_', special.xlogy);
/** In-place floorDivide. See torch.Tensor.floor_divide_. */
export const floorDivide_: InPlaceBinary = inPlaceOf('floorDivide_', combine.floorDivide);
/** In-place remainder. See torch.Tensor.remainder_. */
export const remainder_: InPlaceBinary = inPlaceOf('remainder_', combine.remainder);
/** In-place fmod. See torch.Tensor.fmod_. */
export const fmod_: InPlaceBinary = inPlaceOf('fmod_', combine.fmod);
/** In-place copysign. See torch.Tensor.copysign_. */
export const copysign_: InPlaceBinary = inPlaceOf('copysign_', combine.copysign);
/** In-place heaviside. See torch.Tensor.heaviside_. */
export const heaviside_: InPlaceBinary = inPlaceOf('heaviside_', combine.heaviside);
/** In-place bitwiseAnd. See torch.Tensor.bitwise_and_. */
export const bitwiseAnd_: InPlaceBinary = inPlaceOf('bitwiseAnd_', combine.bitwiseAnd);
/** In-place bitwiseOr. See torch.Tensor.bitwise_or_. */
export const bitwiseOr_: InPlaceBinary = inPlaceOf('bitwiseOr_', combine.bitwiseOr);
/** In-place bitwiseXor. See torch.Tensor.bitwise_xor_. */
export const bitwiseXor_: InPlaceBinary = inPlaceOf('bitwiseXor_', combine.bitwiseXor);
/** In-place trueDivide. See torch.Tensor.true_divide_. */
export const trueDivide_: InPlaceBinary = inPlaceOf('trueDivide_', combine.trueDivide);
/** As {@link atan2_}. See torch.Tensor.arctan2_. */
export const arctan2_: InPlaceBinary = atan2_;
/** In-place clampMin. See torch.Tensor.clamp_min_. */
export const clampMin_: (self: Tensor, bound: Tensor | number) => Tensor = inPlaceOf('clampMin_', clampMin);
/** In-place clampMax. See torch.Tensor.clamp_max_. */
export const clampMax_: (self: Tensor, bound: Tensor | number) => Tensor = inPlaceOf('clampMax_', clampMax);
/** As {@link div_}. See torch.Tensor.divide_. */
export const divide_: typeof div_ = div_;
/** As {@link mul_}. See torch.Tensor.multiply_. */
export const multiply_: typeof mul_ = mul_;
/** As {@link sub_}. See torch.Tensor.subtract_. */
export const subtract_: typeof sub_ = sub_;

/** As {@link neg_}. See torch.Tensor.negative_. */
export const negative_: Unary = neg_;
/** As {@link abs_}. See torch.Tensor.absolute_. */
export const absolute_: Unary = abs_;
/** As {@link clamp_}. See torch.Tensor.clip_. */
export const clip_: typeof clamp_ = clamp_;

/** In-place polygamma, of order `n`. See torch.Tensor.polygamma_. */
export const polygamma_: (self: Tensor, n: number) => Tensor = inPlaceOf('polygamma_', (self, n, ...more) =>
  special.polygamma(n, self, ...more),
);
/** In-place logit. See torch.Tensor.logit_. */
export const logit_: typeof special.logit = inPlaceOf('logit_', special.logit);
/** In-place nanToNum. See torch.Tensor.nan_to_num_. */
export const nanToNum_: typeof special.nanToNum = inPlaceOf('nanToNum_', special.nanToNum);
/** In-place lerp. See torch.Tensor.lerp_. */
export const lerp_: typeof combine.lerp = inPlaceOf('lerp_', combine.lerp);
/** In-place addcmul. See torch.Tensor.addcmul_. */
export const addcmul_: typeof combine.addcmul = inPlaceOf('addcmul_', combine.addcmul);
/** In-place addcdiv. See torch.Tensor.addcdiv_. */
export const addcdiv_: typeof combine.addcdiv = inPlaceOf('addcdiv_', combine.addcdiv);
