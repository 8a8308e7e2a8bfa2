import { parameterValues } from './template-parameters.ts';
import {
  isTemplateMap,
  type TemplateDocument,
  type TemplateMap,
  type TemplateValue,
  toMap,
  toMaps,
} from './template-yaml.ts';

/** A template as CloudFormation sees it for given parameters. */
export interface ResolvedTemplate {
  /** The resources that their conditions leave; `Type`, `Properties`, `DeletionPolicy` and so on as written. */
  readonly resources: Readonly<Record<string, TemplateMap>>;
  /** `Value` and `Description` of each output that its condition leaves. */
  readonly outputs: Readonly<Record<string, TemplateMap>>;
}

type Scope = {
  readonly document: TemplateDocument;
  readonly values: Readonly<Record<string, TemplateValue>>;
};

const NO_VALUE = Symbol('AWS::NoValue');
type Resolved = TemplateValue | typeof NO_VALUE;
/** Properties that may be JSON in a string, which is how a condition key can hold a parameter. */
const JSON_TEXT = new Set([
  'AssumeRolePolicyDocument',
  'PolicyDocument',
  'ResourcePolicy',
  'EventPattern',
  'InputParameters',
]);

/**
 * Resolves a template: defaults filled in, parameters checked as CloudFormation does, Rules asserted, conditions evaluated,
 * functions carried out, JSON in a string parsed. What only a deploy could know stays recognisable: `Ref` of a resource is `<Id>`,
 * an attribute `<Id.Attribute>`, a piece of it `<Id.Attribute split by / at 1>`. Pseudo parameters can be given too (`'AWS::Region'`).
 *
 * @throws Error for a parameter that is refused, a rule that does not hold, a reference to a resource that a condition left out
 */
export function resolveDocument(
  document: TemplateDocument,
  parameters: Readonly<Record<string, string>> = {},
): ResolvedTemplate {
  const scope: Scope = { document, values: parameterValues(document, parameters) };
  assertRules(scope);
  return {
    resources: resolveSection(scope, document.resources),
    outputs: resolveSection(scope, document.outputs),
  };
}

function resolveSection(
  scope: Scope,
  section: Readonly<Record<string, TemplateMap>>,
): Record<string, TemplateMap> {
  return Object.fromEntries(
    Object.entries(section)
      .filter(([, entry]) => isWanted(scope, entry))
      .map(([id, { Condition: _, ...entry }]) => [id, toMap(resolveValue(scope, entry))]),
  );
}

function isWanted(scope: Scope, entry: TemplateMap): boolean {
  const condition = entry['Condition'];
  return typeof condition !== 'string' || holds(scope, { Condition: condition });
}

function assertRules(scope: Scope): void {
  for (const [name, rule] of Object.entries(toMaps(scope.document.data['Rules']))) {
    if (rule['RuleCondition'] !== undefined && !holds(scope, rule['RuleCondition'])) continue;
    for (const assertion of toList(rule['Assertions']).map(toMap)) {
      if (!holds(scope, assertion['Assert']))
        throw new Error(`${name}: ${String(assertion['AssertDescription'])}`);
    }
  }
}

function holds(scope: Scope, expression: TemplateValue | undefined): boolean {
  const [name, argument] = onlyEntry(expression);
  if (name === 'Condition') return holds(scope, toMap(scope.document.data['Conditions'])[String(argument)]);
  const parts = toList(argument);
  switch (name) {
    case 'Fn::Equals':
      return textOf(scope, parts[0]) === textOf(scope, parts[1]);
    case 'Fn::Not':
      return !holds(scope, parts[0]);
    case 'Fn::And':
      return parts.every(part => holds(scope, part));
    case 'Fn::Or':
      return parts.some(part => holds(scope, part));
    case 'Fn::Contains':
      return toList(resolveValue(scope, parts[0])).map(String).includes(textOf(scope, parts[1]));
    default:
      throw new Error(`not a condition: ${JSON.stringify(expression)}`);
  }
}

function resolveValue(scope: Scope, value: TemplateValue | undefined): TemplateValue {
  const resolved = resolve(scope, value ?? null);
  if (resolved === NO_VALUE) throw new Error('AWS::NoValue where a value has to be');
  return resolved;
}

function resolve(scope: Scope, value: TemplateValue): Resolved {
  if (Array.isArray(value)) return value.map(item => resolve(scope, item)).filter(item => item !== NO_VALUE);
  if (!isTemplateMap(value)) return value;
  const keys = Object.keys(value);
  const [key] = keys;
  if (keys.length === 1 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'))) {
    return callFunction(scope, key, value[key] ?? null);
  }
  const map: TemplateMap = {};
  for (const [name, entry] of Object.entries(value)) {
    const resolved = resolve(scope, entry);
    if (resolved !== NO_VALUE) map[name] = JSON_TEXT.has(name) ? fromJsonText(resolved) : resolved;
  }
  return map;
}

function callFunction(scope: Scope, name: string, argument: TemplateValue): Resolved {
  const parts = Array.isArray(argument) ? argument : [argument];
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? NO_VALUE : reference(scope, String(argument));
    case 'Fn::GetAtt':
      existing(scope, String(parts[0]));
      return `<${parts.map(String).join('.')}>`;
    case 'Fn::If':
      return resolve(scope, (holds(scope, { Condition: parts[0] ?? null }) ? parts[1] : parts[2]) ?? null);
    case 'Fn::Sub':
      return substitute(scope, String(parts[0]), toMap(parts[1]));
    case 'Fn::Join':
      return toList(resolveValue(scope, parts[1])).map(String).join(String(parts[0]));
    case 'Fn::Split':
      return textOf(scope, parts[1]).split(String(parts[0]));
    case 'Fn::Select':
      return select(scope, Number(parts[0]), parts[1]);
    case 'Fn::FindInMap':
      return parts.reduce<TemplateValue>(
        (map, part) => toMap(map)[textOf(scope, part)] ?? null,
        scope.document.data['Mappings'] ?? null,
      );
    default:
      throw new Error(`a function that templates here do not use: ${name}`);
  }
}

function select(scope: Scope, index: number, list: TemplateValue | undefined): TemplateValue {
  if (isTemplateMap(list) && list['Fn::Split'] !== undefined) {
    const [delimiter, source] = toList(list['Fn::Split']);
    const text = textOf(scope, source);
    if (/^<[^<>]+>$/.test(text)) return `${text.slice(0, -1)} split by ${String(delimiter)} at ${index}>`;
  }
  const item = toList(resolveValue(scope, list))[index];
  if (item === undefined) throw new Error(`Fn::Select finds nothing at ${index}: ${JSON.stringify(list)}`);
  return item;
}

function substitute(scope: Scope, text: string, variables: TemplateMap): string {
  return text.replace(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    if (variables[name] !== undefined) return textOf(scope, variables[name]);
    if (name.includes('.') && scope.values[name] === undefined) {
      existing(scope, name.slice(0, name.indexOf('.')));
      return `<${name}>`;
    }
    const value = reference(scope, name);
    if (typeof value !== 'string') throw new Error(`Fn::Sub of a list: ${whole}`);
    return value;
  });
}

function reference(scope: Scope, name: string): TemplateValue {
  const value = scope.values[name];
  if (value !== undefined) return value;
  existing(scope, name);
  return `<${name}>`;
}

function existing(scope: Scope, id: string): void {
  const resource = scope.document.resources[id];
  if (resource === undefined) throw new Error(`neither a parameter nor a resource: ${id}`);
  if (!isWanted(scope, resource)) throw new Error(`refers to ${id}, which its condition left out`);
}

function textOf(scope: Scope, value: TemplateValue | undefined): string {
  const resolved = resolveValue(scope, value);
  if (typeof resolved === 'object') throw new Error(`not a text: ${JSON.stringify(resolved)}`);
  return String(resolved);
}

function fromJsonText(value: TemplateValue): TemplateValue {
  return typeof value === 'string' && value.trimStart().startsWith('{') ? JSON.parse(value) : value;
}

function onlyEntry(value: TemplateValue | undefined): [name: string, argument: TemplateValue] {
  const entries = Object.entries(toMap(value));
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw new Error(`not one function: ${JSON.stringify(value)}`);
  return entry;
}

function toList(value: TemplateValue | undefined): TemplateValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
