/** One flag, as the parser and its environment twin have it; what help says of it stands in `commands/help`. */
export interface Option {
  readonly type: 'string' | 'list' | 'boolean';
  /** What stands for the value in help, for example `ARN`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** False for flags that describe one call and not a configuration: no environment twin, not in the file. */
  readonly configurable?: false;
  /**
   * The flag narrows what a session may do or what is asked, says whose changes count, brings markers, or chooses an identity: given
   * with an empty value, as by a script whose variable is not set, it is refused, and not taken for absent.
   */
  readonly refusesEmpty?: true;
  /** A list of names: they may be given one by one, with commas between them, or both. In a pattern `?` stands for a comma of a name. */
  readonly isNames?: true;
  /** What parts such names where one of them may have a comma in it; by default any comma. */
  readonly separator?: RegExp;
  /** For values that nothing shows, or only if they can be the name of a variable. */
  readonly secret?: true | 'unless a name';
  /** A variable of another name that stands in after the twin. */
  readonly alsoFrom?: string;
}

/** The flags of one command by name, without the leading dashes. */
export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O['type'] extends 'boolean'
  ? boolean
  : O['type'] extends 'list'
    ? readonly string[]
    : O extends { readonly default: string }
      ? string
      : string | undefined;

/** The values of a table's flags; an absent list is empty, an absent boolean false. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default' | 'absent';

/** The environment twin of a flag: `--channel-arn` is `DEPLOY_MARKER_CHANNEL_ARN`. */
export function twinOf(flag: string): string {
  return `DEPLOY_MARKER_${flag.toUpperCase().replaceAll('-', '_')}`;
}
