import type { ResolvedTemplate } from './resolve-template.ts';
import { isTemplateMap, type TemplateMap, type TemplateValue, toMap, valueAt } from './template-yaml.ts';

/** The one resource of that id; anything else is thrown. */
export function resourceOf(template: ResolvedTemplate, id: string): TemplateMap {
  const resource = template.resources[id];
  if (resource === undefined)
    throw new Error(`no resource ${id}: ${Object.keys(template.resources).join(', ')}`);
  return resource;
}

/** Its properties. */
export function propertiesOf(template: ResolvedTemplate, id: string): TemplateMap {
  return toMap(resourceOf(template, id)['Properties']);
}

/** The ids of all resources of a type. */
export function idsOfType(template: ResolvedTemplate, type: string): string[] {
  return Object.entries(template.resources)
    .filter(([, resource]) => resource['Type'] === type)
    .map(([id]) => id);
}

/** Value of an output, or nothing where the parameters leave it out. */
export function outputOf(template: ResolvedTemplate, id: string): TemplateValue | undefined {
  return valueAt(template.outputs[id], 'Value');
}

/** Every policy statement anywhere under a value: trust, identity and resource policies alike. */
export function statementsIn(value: TemplateValue | undefined): TemplateMap[] {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  if (!isTemplateMap(value)) return [];
  const statements = value['Statement'];
  const own = Array.isArray(statements) ? statements : statements === undefined ? [] : [statements];
  return [
    ...own.map(toMap),
    ...Object.entries(value).flatMap(([key, entry]) => (key === 'Statement' ? [] : statementsIn(entry))),
  ];
}

/** One value or a list of them, as the list. */
export function listOf(value: TemplateValue | undefined): TemplateValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
