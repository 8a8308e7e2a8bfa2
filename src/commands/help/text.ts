import type { OptionTable } from '../../config/option.ts';

/** What help and the documents say of one flag, beside what the parser knows of it. It stands apart, for no run but help reads it. */
export interface FlagText {
  /** Heading in help. */
  readonly group: string;
  /** One sentence or two: what the flag does, with the unit and the bounds of its value. */
  readonly describe: string;
  /** In words, what holds where nothing sets a flag that has no `default`; or `needed`, and when. */
  readonly unset?: string;
}

/** The texts of a table's flags: of each of them, and of no other. */
export type FlagTexts<T extends OptionTable> = { readonly [Flag in keyof T]: FlagText };

/** What help and the documents say of a command. */
export interface CommandText<T extends OptionTable> {
  readonly summary: string;
  /** Command lines without the program's name, each with what it is for. */
  readonly examples: readonly (readonly [commandLine: string, purpose: string])[];
  readonly flags: FlagTexts<T>;
}
