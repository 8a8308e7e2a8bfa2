import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateName } from '../core/template/names.ts';

/**
 * The text of a template of this package. Fails as Node.js does.
 *
 * Load this module with `import()` alone: then it has a file of its own, from which the templates lie in the same place before
 * and after bundling.
 */
export function readTemplateFile(name: TemplateName): Promise<string> {
  return readFile(join(import.meta.dirname, '../templates', `${name}.yaml`), 'utf8');
}
