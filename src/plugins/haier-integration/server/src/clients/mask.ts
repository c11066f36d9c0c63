/** What of a call may be kept: the shop's one masker says so. A shop that hands none in keeps no words of any call. */
import { connectedPorts } from '../ports';

/** A body or a message, whatever it is, as text that may be kept: at most so many bytes. */
export type Mask = (value: unknown, maxBytes?: number) => string;

const HIDDEN = '***';

/** The mask for one call; `known` are values it must hide wherever they stand. */
export const createMask = (known: readonly (string | null | undefined)[]): Mask =>
  connectedPorts().createMask?.(known) ?? (() => HIDDEN);
