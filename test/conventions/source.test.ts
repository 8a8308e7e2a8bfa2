import { describe, expect, test } from 'vitest';
import { readFiles, readOne, type TextFile } from './repository.ts';
import {
  consoleProblems,
  exportProblems,
  layerProblems,
  lengthProblems,
  nameProblems,
  processProblems,
  spreadProblems,
} from './source-rules.ts';

// A declaration of a package that has none is the package's, not ours.
const SRC = (await readFiles('src')).filter(({ path }) => /(?<!\.d)\.ts$/.test(path));

const RULES: readonly (readonly [
  rule: string,
  check: (files: readonly TextFile[]) => string[],
  bad: readonly (readonly [path: string, text: string])[],
])[] = [
  [
    'imports go down the layers',
    layerProblems,
    [
      ['src/core/a.ts', "import { open } from 'node:fs';"],
      ['src/core/a.ts', "import type { Env } from '../io/io.ts';"],
      ['src/core/a.ts', "export { x } from '../aws/sts.ts';"],
      ['src/core/a.ts', "const x = await import('../config/option.ts');"],
      ['src/core/a.ts', "import '@aws-sdk/client-sts';"],
      ['src/errors/a.ts', "import { quote } from '../core/quote.ts';"],
      ['src/errors/a.ts', "import { inspect } from 'node:util';"],
      ['src/io/a.ts', "import { x } from '../config/option.ts';"],
      ['src/ci/a.ts', "import { x } from '../aws/sts.ts';"],
      ['src/ci/a.ts', "import type { x } from '../commands/emit.ts';"],
      ['src/aws/cloudtrail-data/a.ts', "import { x } from '../../ci/detect.ts';"],
      ['src/aws/a.ts', "import { x } from '../config/resolve.ts';"],
      ['src/aws/a.ts', "import {\n  a,\n  b,\n} from '../commands/table.ts';"],
      ['src/commands/a.ts', "import { main } from '../main.ts';"],
      ['src/commands/a.ts', "import { STSClient } from '@aws-sdk/client-sts';"],
      ['src/main.ts', "import './cli.ts';"],
      ['src/index.ts', "export { run } from './commands/emit.ts';"],
      ['src/a.ts', ''],
      ['src/core/a.ts', "import manifest from '../../package.json' with { type: 'json' };"],
    ],
  ],
  [
    'only cli.ts knows the process',
    processProblems,
    [
      ['src/main.ts', 'process.exit(1);'],
      ['src/io/a.ts', "const { HOME } = process['env'];"],
      ['src/io/a.ts', 'const x = (process).env; const y = process?.env;'],
      ['src/io/a.ts', "import process from 'node:process';"],
      ['src/io/a.ts', 'globalThis.process;'],
    ],
  ],
  [
    'no list that comes from outside is spread into a call',
    spreadProblems,
    [
      ['src/core/a.ts', 'const last = Math.max(...times);'],
      ['src/commands/a.ts', 'problems.push(...(await read()));'],
      ['src/aws/a.ts', 'list.push(\n  ...found,\n);'],
    ],
  ],
  [
    'nothing is printed past the output',
    consoleProblems,
    [
      ['src/core/a.ts', "console.log('x');"],
      ['src/core/a.ts', "console['error']('x');"],
    ],
  ],
  [
    'exports have names',
    exportProblems,
    [
      ['src/core/a.ts', 'export default 1;'],
      ['src/core/a.ts', 'export { a as default };'],
      ['src/core/a.ts', "export * from './b.ts';"],
      ['src/core/a.ts', "export type * from './b.ts';"],
    ],
  ],
  [
    'a file has 250 lines at the most',
    files => lengthProblems(files, 250),
    [['src/core/a.ts', 'x\n'.repeat(251)]],
  ],
  [
    'files are named after what they hold',
    nameProblems,
    [
      ['src/core/utils.ts', ''],
      ['src/core/helper-x.ts', ''],
      ['src/core/sessionName.ts', ''],
      ['src/core/a.js', ''],
    ],
  ],
];

describe.each(RULES)('%s', (_rule, check, bad) => {
  test('holds', () => {
    expect(SRC.length).toBeGreaterThan(50);
    expect(check(SRC)).toEqual([]);
  });
  test.each(bad)('%s: %j is found', (path, text) => {
    expect(check([{ path, text }])).toHaveLength(1);
  });
});

test('what only looks like a breach is none', () => {
  const text = [
    '/** Like `process.stdout`, console.log and `export default`. */',
    "// import { x } from '../aws/sts.ts';",
    "const output = 'credential-process'; // process.env is not read here",
    'const max = 250;',
  ].join('\n');
  const files = [{ path: 'src/core/a.ts', text: `${text}\n` }];
  expect(RULES.flatMap(([, check]) => check(files))).toEqual([]);
  expect(lengthProblems([{ path: 'a', text: 'x\n'.repeat(250) }], 250)).toEqual([]);
});

test('functions of src have 50 lines at the most, which the linter watches', async () => {
  const biome = JSON.parse((await readOne('biome.json')).text);
  const rule = biome.linter.rules.complexity.noExcessiveLinesPerFunction;
  expect(rule).toEqual({ level: 'error', options: { maxLines: 50 } });
  const others = biome.overrides.filter((override: object) =>
    JSON.stringify(override).includes('noExcessiveLinesPerFunction'),
  );
  expect(others.flatMap((override: { includes: string[] }) => override.includes)).toEqual([
    'test/**',
    'scripts/**',
  ]);
});
