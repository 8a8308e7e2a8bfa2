import { isMap, isNode, isScalar, isSeq, type Node, parseDocument } from 'yaml';

/** What a template can hold once its tags are written out: JSON, with `Fn::*` and `Ref` objects in it. */
export type TemplateValue = string | number | boolean | null | TemplateValue[] | TemplateMap;
export interface TemplateMap {
  [key: string]: TemplateValue;
}

/** A template as it was written: every intrinsic function in its long form. */
export interface TemplateDocument {
  readonly name: string;
  readonly text: string;
  /** The whole document. */
  readonly data: TemplateMap;
  readonly parameters: Readonly<Record<string, TemplateMap>>;
  readonly resources: Readonly<Record<string, TemplateMap>>;
  readonly outputs: Readonly<Record<string, TemplateMap>>;
}

/** Reads a template from its text; anything that YAML refuses, a key written twice for example, is thrown. */
export function parseTemplateDocument(name: string, text: string): TemplateDocument {
  const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: true });
  const [problem] = document.errors;
  if (problem !== undefined) throw problem;
  const data = toMap(isNode(document.contents) ? toValue(document.contents) : null);
  return {
    name,
    text,
    data,
    parameters: toMaps(data['Parameters']),
    resources: toMaps(data['Resources']),
    outputs: toMaps(data['Outputs']),
  };
}

/** Whether it is an object, not a list. */
export function isTemplateMap(value: TemplateValue | undefined): value is TemplateMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that it is; nothing counts as an empty one, and anything else is thrown. */
export function toMap(value: TemplateValue | undefined): TemplateMap {
  if (value === undefined || value === null) return {};
  if (!isTemplateMap(value)) throw new Error(`not a map: ${JSON.stringify(value)}`);
  return value;
}

/** The object of objects that it is. */
export function toMaps(value: TemplateValue | undefined): Record<string, TemplateMap> {
  return Object.fromEntries(Object.entries(toMap(value)).map(([key, entry]) => [key, toMap(entry)]));
}

/** What lies under a path of keys and indexes; nothing where a step is missing. */
export function valueAt(
  value: TemplateValue | undefined,
  ...path: (string | number)[]
): TemplateValue | undefined {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else if (isTemplateMap(here)) here = here[step];
    else return undefined;
  }
  return here;
}

function toValue(node: Node): TemplateValue {
  const tag = node.tag?.startsWith('!') ? node.tag.slice(1) : undefined;
  const value = toPlain(node);
  if (tag === undefined) return value;
  if (tag === 'Ref' || tag === 'Condition') return { [tag]: value };
  if (tag === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${tag}`]: value };
}

function toPlain(node: Node): TemplateValue {
  if (isSeq(node)) return node.items.map(item => (isNode(item) ? toValue(item) : null));
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [
        isScalar(key) ? String(key.value) : String(key),
        isNode(value) ? toValue(value) : null,
      ]),
    );
  }
  if (!isScalar(node)) throw new Error(`neither scalar, list nor map: ${String(node)}`);
  const { value } = node;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null ? null : String(value);
}
