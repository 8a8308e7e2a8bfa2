import type { OptionTable } from '../config/option.ts';

/** Flags of `validate`. */
export const VALIDATE_FLAGS = {} as const satisfies OptionTable;
