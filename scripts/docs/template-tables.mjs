import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { importTypeScript } from '../import-typescript.mjs';
import { code, showDefault, table } from './markdown.mjs';

const SOURCES = `
export { TEMPLATE_NAMES } from './src/core/template/names.ts';
export { readTemplateParameters, readTemplateSummary } from './src/core/template/parameter.ts';
`;

function parameterRow({ name, default: standard, description, allowed_values: allowed }) {
  const choices = allowed === undefined ? '' : ` One of ${allowed.map(code).join(', ')}.`;
  return [code(name), showDefault(standard), `${description}${choices}`];
}

function describeTemplate(name, text, { readTemplateParameters, readTemplateSummary }) {
  // CloudFormation's own tags (`!Ref`) stand in values only, which no table shows.
  const outputs = Object.entries(parse(text, { logLevel: 'error' }).Outputs ?? {});
  return [
    `### ${code(name)}`,
    `${readTemplateSummary(text).replace('deploy-marker: ', '')}. What to know before you deploy it stands at its head: [${name}.yaml](${name}.yaml).`,
    table(['parameter', 'default', 'meaning'], readTemplateParameters(text).map(parameterRow)),
    table(
      ['output', 'is for'],
      outputs.map(([output, { Description }]) => [code(output), Description]),
    ),
  ].join('\n\n');
}

/** Parameters and outputs of every template in `folder`. */
export async function templateTables(folder) {
  const sources = await importTypeScript(SOURCES);
  const parts = sources.TEMPLATE_NAMES.map(async name =>
    describeTemplate(name, await readFile(join(folder, `${name}.yaml`), 'utf8'), sources),
  );
  return { templates: (await Promise.all(parts)).join('\n\n') };
}
