/** The one masker: whatever is logged or kept of a call goes through it. */
export { createMask, createMasker, type Mask, type Masker, trimBytes } from './masker';
export { isHiddenName } from './names';
