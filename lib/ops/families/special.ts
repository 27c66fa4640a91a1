/** Special functions of the root namespace that are methods of Tensor, too. */
import { i0, i0_, igamma, igamma_, igammac, igammac_, mvlgamma, mvlgamma_ } from '../specialMath';

export { i0, i0_, igamma, igammac, mvlgamma } from '../specialMath';

/** Their first argument is the method's self. */
export const specialMethods = { i0, i0_, igamma, igamma_, igammac, igammac_, mvlgamma, mvlgamma_ };
