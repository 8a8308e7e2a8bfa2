import { TEMPLATE_NAMES } from '../core/template/names.ts';
import { readTemplateSummary } from '../core/template/parameter.ts';
import { readTemplate } from '../io/template-text.ts';
import type { ArgumentList } from './command.ts';

/**
 * Every template and what it makes, which is said in the template and nowhere else.
 *
 * @throws DeployMarkerError INPUT_UNREADABLE if the package is not whole
 */
export async function listTemplates(): Promise<ArgumentList> {
  const rows = TEMPLATE_NAMES.map(async name => {
    const summary = readTemplateSummary(await readTemplate(name));
    const words = summary.replace('deploy-marker: ', '');
    return [name, `${words.charAt(0).toUpperCase()}${words.slice(1)}.`] as const;
  });
  return { title: 'Templates', rows: await Promise.all(rows) };
}
