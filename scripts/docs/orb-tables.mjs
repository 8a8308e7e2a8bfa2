import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { code, table } from './markdown.mjs';

async function readParts(folder) {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(
    names.map(async name => {
      const part = parse(await readFile(join(folder, name), 'utf8'), { merge: true });
      return [basename(name, '.yml'), part];
    }),
  );
}

function showDefault(standard) {
  if (standard === undefined) return '**required**';
  return standard === '' ? '' : code(standard);
}

function parameterTable(parameters) {
  const rows = Object.entries(parameters).map(([name, parameter]) => {
    const { type, default: standard, description } = parameter;
    const choices = parameter.enum?.filter(choice => choice !== '').map(code);
    return [
      code(name),
      type === 'enum' ? choices.join(', ') : type,
      showDefault(standard),
      description.trim(),
    ];
  });
  return table(['parameter', 'type', 'default', 'meaning'], rows);
}

function describeParts(parts) {
  return parts
    .map(([name, { description, parameters = {} }]) => {
      const head = `### ${code(name)}\n\n${description.trim()}`;
      return Object.keys(parameters).length === 0 ? head : `${head}\n\n${parameterTable(parameters)}`;
    })
    .join('\n\n');
}

const asConfig = usage => `\`\`\`yaml\n${stringify(usage, { lineWidth: 0 }).trim()}\n\`\`\``;

/** Tables of what the orb offers, and its examples as configurations, from its sources in `folder`. */
export async function orbTables(folder) {
  const read = name => readParts(join(folder, name));
  const [commands, jobs, executors, examples] = await Promise.all(
    ['commands', 'jobs', 'executors', 'examples'].map(read),
  );
  const { deploy_job: quickStart, scheduled_audit: audit, ...others } = Object.fromEntries(examples);
  return {
    'quick-start': asConfig(quickStart.usage),
    'scheduled-audit': asConfig(audit.usage),
    commands: describeParts(commands),
    jobs: describeParts(jobs),
    executors: describeParts(executors),
    examples: Object.entries(others)
      .map(([, { description, usage }]) => `${description.trim()}\n\n${asConfig(usage)}`)
      .join('\n\n'),
  };
}
