import { isJsonObject } from '../fakes/http-message.ts';
import { toMap, type YamlMap } from './packed-orb.ts';
import { Steps } from './run-step.ts';

// How CircleCI's compiler treats parameters: https://circleci.com/docs/reference/reusing-config/

/** Values that `<< parameters.x >>` and `<< pipeline.x >>` may name; undefined where the kind does not exist at all. */
export interface References {
  readonly parameters: YamlMap | undefined;
  /** By full name without `pipeline.`, such as `git.branch`. */
  readonly pipeline: YamlMap | undefined;
}

/** An executor that was resolved where it was named. */
export class Executor {
  readonly definition: YamlMap;
  constructor(definition: YamlMap) {
    this.definition = definition;
  }
}

// `\<<` is plain text; what is not closed by `>>` on the same line is plain text as well.
const REFERENCE = /\\<<|<<\s*([^<>\n]*?)\s*>>/g;
const WHOLE = /^<<\s*([^<>\n]*?)\s*>>$/;

function resolve(reference: string, references: References): unknown {
  const [, kind, name] = /^(parameters|pipeline)\.([\w.-]+)$/.exec(reference) ?? [];
  const values = kind === 'parameters' ? references.parameters : references.pipeline;
  if (name === undefined || values === undefined || !Object.hasOwn(values, name))
    throw new Error(`<< ${reference} >> names nothing that is declared here`);
  return values[name];
}

function toText(reference: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  throw new Error(`<< ${reference} >> is no text, so it cannot be part of one`);
}

/**
 * Replaces references in every string of `value`, keys left alone. A scalar that is nothing but one reference becomes the value
 * itself with its type. What was put in is not looked at again.
 */
export function substitute(value: unknown, references: References): unknown {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value)?.[1];
    if (whole !== undefined) return resolve(whole, references);
    return value.replace(REFERENCE, (text: string, reference?: string) =>
      reference === undefined ? text : toText(reference, resolve(reference, references)),
    );
  }
  if (Array.isArray(value)) return value.map(entry => substitute(entry, references));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, substitute(entry, references)]),
  );
}

function checkEnum(declaration: YamlMap, value: unknown): boolean {
  const values = declaration['enum'];
  if (!Array.isArray(values) || values.length === 0) throw new Error('an enum without a list of values');
  return values.includes(value);
}

const TYPES: Readonly<Record<string, (value: unknown, declaration: YamlMap) => boolean>> = {
  string: value => typeof value === 'string',
  boolean: value => typeof value === 'boolean',
  integer: value => Number.isSafeInteger(value),
  enum: (value, declaration) => checkEnum(declaration, value),
  env_var_name: value => typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value),
  steps: value => value instanceof Steps,
  executor: value => value instanceof Executor,
};

/** How a callee's own defaults of the types `steps` and `executor` are read. */
export type ReadDefault = (type: string, value: unknown) => unknown;

/**
 * The values of what `declarations` declares: `given` or the default, each of its declared type. Refuses what is not declared, is
 * required and missing, or is of another type.
 */
export function bindParameters(declarations: YamlMap, given: YamlMap, readDefault: ReadDefault): YamlMap {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(declarations, name))
      throw new Error(`${name} is passed, but no such parameter is declared`);
  const bound = Object.entries(declarations).map(([name, written]): [string, unknown] => {
    const declaration = toMap(written, `the declaration of ${name}`);
    const type = String(declaration['type']);
    if (!Object.hasOwn(TYPES, type)) throw new Error(`${name} is of the unknown type ${type}`);
    if (!Object.hasOwn(given, name) && !Object.hasOwn(declaration, 'default'))
      throw new Error(`${name} is required`);
    const read = (): unknown => readDefault(type, declaration['default']);
    const values = [
      ...(Object.hasOwn(declaration, 'default') ? [read()] : []),
      ...(Object.hasOwn(given, name) ? [given[name]] : []),
    ];
    for (const value of values)
      if (!TYPES[type]?.(value, declaration))
        throw new Error(`type error for ${name}: expected ${type}, got ${JSON.stringify(value)}`);
    return [name, values.at(-1)];
  });
  return Object.fromEntries(bound);
}

function isTruthy(value: unknown): boolean {
  return (
    value !== undefined &&
    value !== null &&
    value !== false &&
    value !== 0 &&
    value !== '' &&
    !Number.isNaN(value)
  );
}

/** Whether a logic statement holds, its references replaced already: https://circleci.com/docs/reference/configuration-reference/#logic-statements */
export function holds(condition: unknown): boolean {
  if (!isJsonObject(condition)) return isTruthy(condition);
  const [operator = '', ...others] = Object.keys(condition);
  if (others.length > 0)
    throw new Error(`a logic statement with several operators: ${JSON.stringify(condition)}`);
  const operand = condition[operator];
  const list = Array.isArray(operand) ? operand : undefined;
  if (operator === 'not') return !holds(operand);
  if (operator === 'matches') {
    const { pattern, value } = toMap(operand, operator);
    // The whole value must match: https://circleci.com/docs/reference/configuration-reference/#logic-statements
    return new RegExp(`^(?:${pattern})$`).test(String(value));
  }
  if (list === undefined) throw new Error(`no logic statement: ${JSON.stringify(condition)}`);
  if (operator === 'and') return list.length > 0 && list.every(holds);
  if (operator === 'or') return list.some(holds);
  if (operator === 'equal') return list.length > 0 && list.every(entry => entry === list[0]);
  throw new Error(`an operator that is not known here: ${operator}`);
}
