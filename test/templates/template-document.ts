import { readdirSync, readFileSync } from 'node:fs';
import { type ResolvedTemplate, resolveDocument } from './resolve-template.ts';
import { parseTemplateDocument, type TemplateDocument } from './template-yaml.ts';

const FOLDER = new URL('../../src/templates/', import.meta.url);

/** The names of all templates, in order. */
export function templateNames(): string[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.slice(0, -'.yaml'.length))
    .sort();
}

/** Reads `src/templates/NAME.yaml`: every intrinsic function in its long form. */
export function readTemplateDocument(name: string): TemplateDocument {
  return parseTemplateDocument(name, readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8'));
}

/** `src/templates/NAME.yaml` as CloudFormation sees it for the given parameters: see resolveDocument. */
export function resolveTemplate(
  name: string,
  parameters: Readonly<Record<string, string>> = {},
): ResolvedTemplate {
  return resolveDocument(readTemplateDocument(name), parameters);
}
