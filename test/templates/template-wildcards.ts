import { statementsIn } from './template-statements.ts';
import { isTemplateMap, type TemplateDocument, type TemplateValue } from './template-yaml.ts';

/**
 * Every action, resource or principal with a wildcard whose line has no reason: a comment on the line itself, or above it within
 * the same statement.
 */
export function uncommentedWildcards(document: TemplateDocument): string[] {
  const lines = document.text.split('\n');
  const wildcards = statementsIn(document.data)
    .flatMap(({ Action: action, Resource: resource, Principal: principal }) => [action, resource, principal])
    .flatMap(textsIn)
    .filter(text => text.includes('*'));
  return [...new Set(wildcards)].flatMap(wildcard =>
    lines.flatMap((line, index) =>
      !line.trimStart().startsWith('#') && holds(line, wildcard) && !hasReason(lines, index)
        ? [`${index + 1}: ${wildcard}`]
        : [],
    ),
  );
}

function holds(line: string, wildcard: string): boolean {
  return wildcard === '*' ? /['"]\*['"]/.test(line) : line.includes(wildcard);
}

function hasReason(lines: readonly string[], index: number): boolean {
  if (/\s#\s/.test(lines[index] ?? '')) return true;
  for (let above = index - 1; above >= 0; above -= 1) {
    const line = lines[above] ?? '';
    if (/^\s*# \S/.test(line)) return true;
    if (/^\s*(?:- (?:Sid|Effect):|Statement:|Properties:)/.test(line)) return false;
  }
  return false;
}

/** Every text under a value. */
export function textsIn(value: TemplateValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isTemplateMap(value) ? Object.values(value).flatMap(textsIn) : [];
}
