import * as z from 'zod/mini';

/** Any text. */
export const text = z.string();
/** A text that says something. */
export const filled = z.string().check(z.minLength(1));
/** Of the next page; absent on the last one, and never empty. */
export const token = z.optional(filled);
/** A whole number from 0. */
export const count = z.int().check(z.nonnegative());
