import { isTemplateMap, type TemplateMap, type TemplateValue, toMap } from './template-yaml.ts';

/**
 * Whether an EventBridge rule of that pattern takes the event. Knows exact values, `prefix`, `exists`, `anything-but` of values
 * or prefixes, and `$or`; anything else is thrown, so that no pattern passes that was not understood. Lists in events do not
 * occur in what is tested here and are thrown as well.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function takesEvent(pattern: TemplateMap, event: TemplateMap): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or') return listIn(wanted).some(choice => takesEvent(toMap(choice), event));
    if (isTemplateMap(wanted)) return takesEvent(wanted, objectAt(event, field));
    return listIn(wanted).some(test => takesValue(test, event[field]));
  });
}

/** A field that is missing, or is no object, has no fields: only `exists: false` can hold below it. */
function objectAt(event: TemplateMap, field: string): TemplateMap {
  const value = event[field];
  return isTemplateMap(value) ? value : {};
}

function takesValue(test: TemplateValue, value: TemplateValue | undefined): boolean {
  if (Array.isArray(value)) throw new Error(`a list in an event: ${JSON.stringify(value)}`);
  const isLeaf = value !== undefined && !isTemplateMap(value);
  if (!isTemplateMap(test)) return isLeaf && value === test;
  const [[operator, wanted] = ['', null], ...more] = Object.entries(test);
  if (more.length > 0) throw new Error(`more than one operator: ${JSON.stringify(test)}`);
  switch (operator) {
    case 'exists':
      return isLeaf === wanted;
    case 'prefix':
      return typeof value === 'string' && value.startsWith(textIn(wanted));
    case 'anything-but':
      return isLeaf && !isExcluded(wanted, value);
    default:
      throw new Error(`an operator that is not known: ${operator}`);
  }
}

function isExcluded(wanted: TemplateValue, value: TemplateValue): boolean {
  if (!isTemplateMap(wanted)) return (Array.isArray(wanted) ? wanted : [wanted]).includes(value);
  const { prefix, ...more } = wanted;
  if (prefix === undefined || Object.keys(more).length > 0) {
    throw new Error(`anything-but knows prefix alone: ${JSON.stringify(wanted)}`);
  }
  const prefixes = Array.isArray(prefix) ? prefix : [prefix];
  return prefixes.map(textIn).some(start => typeof value === 'string' && value.startsWith(start));
}

function listIn(value: TemplateValue): TemplateValue[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new Error(`not a list with something in it: ${JSON.stringify(value)}`);
}

function textIn(value: TemplateValue): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`not a text: ${JSON.stringify(value)}`);
}
