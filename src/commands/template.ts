import { resolve } from 'node:path';
import { quote } from '../core/base/quote.ts';
import { TEMPLATE_NAMES, type TemplateName } from '../core/template/names.ts';
import { readTemplateParameters, readTemplateSummary } from '../core/template/parameter.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { writeReportFile } from '../io/file/report-file.ts';
import { parseTemplateName, readTemplate } from '../io/template-text.ts';
import type { CommandContext, CommandInput } from './command.ts';
import type { TEMPLATE_FLAGS } from './template.flags.ts';

/** A parameter and its value, where a shell takes both as they are. */
const PARAMETER = /^\w+=[\w.:,/@+=-]*$/;

/**
 * Prints a CloudFormation template, or writes it to a file.
 *
 * @throws DeployMarkerError USAGE, FILE_UNWRITABLE, INPUT_UNREADABLE
 */
export async function run(
  { values, positionals }: CommandInput<typeof TEMPLATE_FLAGS>,
  { io, out, json }: CommandContext,
): Promise<void> {
  const name = requireName(positionals);
  const template = await readTemplate(name, toParameters(values.param));
  const file = values.out === '-' ? undefined : values.out;
  if (file !== undefined) {
    await writeReportFile(resolve(io.cwd, file), template, file);
    out.note(`wrote ${quote(file)}`);
  }
  if (json) {
    const parameters = readTemplateParameters(template);
    const summary = readTemplateSummary(template);
    out.resultJson({ version: 1, name, summary, parameters, template });
  } else if (file === undefined) out.resultText(template);
}

function requireName([word, ...others]: readonly string[]): TemplateName {
  if (word !== undefined && others.length === 0) return parseTemplateName(word);
  const got = word === undefined ? '' : `, got ${[word, ...others].map(quote).join(', ')}`;
  const isParameters = others.length > 0 && others.every(each => PARAMETER.test(each));
  throw new DeployMarkerError('USAGE', `template needs the name of one template${got}`, {
    hint: isParameters
      ? `write ${others.map(each => `--param ${each}`).join(' ')}`
      : `name one of ${TEMPLATE_NAMES.join(', ')}`,
  });
}

function toParameters(words: readonly string[]): Readonly<Record<string, string>> {
  const parameters = new Map<string, string>();
  for (const word of words) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined) {
      throw new DeployMarkerError('USAGE', `--param must be NAME=VALUE, got ${quote(word)}`, {
        hint: 'write --param RetentionDays=731',
      });
    }
    if (parameters.has(name)) {
      throw new DeployMarkerError('USAGE', `--param gives ${name} twice`, {
        hint: 'give every parameter once; items of a list stand in one value, between commas',
      });
    }
    parameters.set(name, value);
  }
  return Object.fromEntries(parameters);
}
