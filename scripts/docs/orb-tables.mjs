import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isMap, parse, parseDocument, stringify } from 'yaml';
import { code, showDefault, table } from './markdown.mjs';

async function readParts(folder) {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(
    names.map(async name => {
      const part = parse(await readFile(join(folder, name), 'utf8'), { merge: true });
      return [basename(name, '.yml'), part];
    }),
  );
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

/** The examples by name, each with its usage as its source writes it. */
async function readExamples(folder) {
  const names = (await readdir(folder)).toSorted();
  const examples = names.map(async name => {
    const document = parseDocument(await readFile(join(folder, name), 'utf8'));
    return [
      basename(name, '.yml'),
      { description: document.get('description'), usage: document.get('usage') },
    ];
  });
  return Object.fromEntries(await Promise.all(examples));
}

/** The steps of the one job of an example, one a line. */
function showSteps({ usage }) {
  const steps = usage.getIn(['jobs', 'deploy', 'steps']).clone();
  for (const step of steps.items) {
    const parameters = isMap(step) ? step.items[0].value : undefined;
    if (isMap(parameters)) parameters.flow = true;
  }
  return asConfig({ steps });
}

/** What the documents show of the orb, from its sources in `folder`: `readme` and `use` show examples, `reference` all the rest. */
export async function orbTables(folder) {
  const read = name => readParts(join(folder, name));
  const [commands, jobs, executors] = await Promise.all(['commands', 'jobs', 'executors'].map(read));
  const named = await readExamples(join(folder, 'examples'));
  const { deploy_job: quickStart, scheduled_audit: audit, ...others } = named;
  return {
    readme: {
      'orb-quick-start': asConfig(quickStart.usage),
      'orb-aws-cli': showSteps(named.session_name_for_aws_cli),
    },
    use: {
      'scheduled-audit': asConfig(audit.usage),
      examples: Object.entries(others)
        .map(
          ([name, { description, usage }]) =>
            `### ${code(name)}\n\n${description.trim()}\n\n${asConfig(usage)}`,
        )
        .join('\n\n'),
    },
    reference: {
      commands: describeParts(commands),
      jobs: describeParts(jobs),
      executors: describeParts(executors),
    },
  };
}
