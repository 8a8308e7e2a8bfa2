import { withoutUndefined } from '../base/without-undefined.ts';

/** A parameter of a CloudFormation template, as `template --json` shows it. */
export interface TemplateParameter {
  readonly name: string;
  /** `String`, `Number` or `CommaDelimitedList`. */
  readonly type: string;
  /** Null if a value is required. */
  readonly default: string | null;
  readonly required: boolean;
  readonly description: string;
  /** Regular expression for a whole value, of a list for each item. */
  readonly pattern?: string;
  readonly allowed_values?: readonly string[];
  readonly min_length?: number;
  readonly max_length?: number;
  readonly min_value?: number;
  readonly max_value?: number;
  /** What CloudFormation says when a value does not hold. */
  readonly constraint?: string;
  /** Whether the value is a secret. */
  readonly no_echo?: boolean;
}

/** A key of a parameter: its value as it is written, and its line, counted from 0. */
interface ParameterKey {
  readonly written: string;
  readonly line: number;
}

/** Where a parameter stands in a template. */
interface ParameterPlace {
  readonly name: string;
  readonly keys: ReadonlyMap<string, ParameterKey>;
}

/** A key with its value on one line: plain or in single quotes, perhaps a comment behind it. */
const KEY = /^( {4}(\w+): +)('(?:[^']|'')*'|.*?)((?: +#.*)?)$/;

/**
 * Finds the parameters of a template: names at 2 blanks below `Parameters:`, keys at 4, one line each. Our templates are of that
 * shape, and a test holds them to it; it is not a reader of YAML.
 */
function findPlaces(lines: readonly string[]): ParameterPlace[] {
  const places: { name: string; keys: Map<string, ParameterKey> }[] = [];
  let isInside = false;
  for (const [line, text] of lines.entries()) {
    if (/^\w/.test(text)) isInside = text === 'Parameters:';
    const name = /^ {2}(\w+):$/.exec(text)?.[1];
    if (isInside && name !== undefined) places.push({ name, keys: new Map() });
    const [, , key, written] = KEY.exec(text) ?? [];
    if (isInside && key !== undefined && written !== undefined)
      places.at(-1)?.keys.set(key, { written, line });
  }
  return places;
}

/** What one of our templates makes, in a line: its `Description`. */
export function readTemplateSummary(text: string): string {
  return unquote(/^Description: (.*)$/m.exec(text)?.[1]) ?? '';
}

/** Reads the parameters of one of our templates, in their order. */
export function readTemplateParameters(text: string): TemplateParameter[] {
  return findPlaces(text.split('\n')).map(({ name, keys }) => {
    const read = (key: string): string | undefined => unquote(keys.get(key)?.written);
    const readNumber = (key: string): number | undefined => (keys.has(key) ? Number(read(key)) : undefined);
    const standard = read('Default');
    return {
      name,
      type: read('Type') ?? '',
      default: standard ?? null,
      required: standard === undefined,
      description: read('Description') ?? '',
      ...withoutUndefined({
        pattern: read('AllowedPattern'),
        allowed_values: readList(keys.get('AllowedValues')?.written),
        min_length: readNumber('MinLength'),
        max_length: readNumber('MaxLength'),
        min_value: readNumber('MinValue'),
        max_value: readNumber('MaxValue'),
        constraint: read('ConstraintDescription'),
        no_echo: read('NoEcho') === 'true' || undefined,
      }),
    };
  });
}

/**
 * Makes `values` the defaults of a template's parameters. All other bytes stay.
 *
 * @param values by name; those that the template lacks are left out, and each must fit into a line
 */
export function setDefaults(text: string, values: ReadonlyMap<string, string>): string {
  const lines = text.split('\n');
  for (const { name, keys } of findPlaces(lines)) {
    const value = values.get(name);
    if (value === undefined) continue;
    const quoted = `'${value.replaceAll("'", "''")}'`;
    const present = keys.get('Default');
    const line = present?.line ?? keys.get('Type')?.line ?? 0;
    const before = lines[line] ?? '';
    // A function, for in a text `$&` and its like have a meaning.
    lines[line] = present
      ? before.replace(KEY, (_, head, _key, _value, tail) => `${head}${quoted}${tail}`)
      : `${before}\n    Default: ${quoted}`;
  }
  return lines.join('\n');
}

function unquote(written: string | undefined): string | undefined {
  return written?.startsWith("'") ? written.slice(1, -1).replaceAll("''", "'") : written;
}

/** `['true', 'false']` or `[400, 545]`. */
function readList(written: string | undefined): string[] | undefined {
  return written?.match(/'(?:[^']|'')*'|[^\s,[\]']+/g)?.map(item => unquote(item) ?? '');
}
