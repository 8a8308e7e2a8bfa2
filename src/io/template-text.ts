import { offerNames } from '../core/base/nearest.ts';
import { quote } from '../core/base/quote.ts';
import { TEMPLATE_NAMES, type TemplateName } from '../core/template/names.ts';
import { fillTemplate } from '../core/template/template.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';

/**
 * The name of a template.
 *
 * @throws DeployMarkerError USAGE naming those that are near, and all
 */
export function parseTemplateName(word: string): TemplateName {
  const name = TEMPLATE_NAMES.find(each => each === word);
  if (name !== undefined) return name;
  throw new DeployMarkerError('USAGE', `${quote(word)} is not a template`, {
    hint: offerNames(word, TEMPLATE_NAMES, 'the templates'),
  });
}

/**
 * Reads a CloudFormation template of this package: YAML with a line break at its end.
 *
 * @example
 * await readTemplate('logs', { RetentionDays: '731' });
 * @param parameters values that become the defaults of parameters
 * @throws DeployMarkerError USAGE if there is no such template or parameter, or CloudFormation would refuse a value;
 *   INPUT_UNREADABLE if the package is not whole
 */
export async function readTemplate(
  name: TemplateName,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const known = parseTemplateName(name);
  const { readTemplateFile } = await import('./template-files.ts');
  const text = await readTemplateFile(known).catch((cause: unknown) => {
    throw new DeployMarkerError('INPUT_UNREADABLE', `template ${known} cannot be read: ${String(cause)}`, {
      hint: 'install deploy-marker again',
      cause,
    });
  });
  return fillTemplate(text, new Map(Object.entries(parameters)));
}
