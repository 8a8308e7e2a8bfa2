import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { TEMPLATE_NAMES } from '../../src/core/template/names.ts';
import { readTemplateParameters } from '../../src/core/template/parameter.ts';
import { readTemplate } from '../../src/io/template-text.ts';
import { makeFolder } from '../cli/run-cli.ts';
import { combinations, type Filling, fillingsOf } from './template-switches.ts';

const LINTER = process.env['DEPLOY_MARKER_CFN_LINT'] || 'cfn-lint';
const { error: missing } = spawnSync(LINTER, ['--version'], { timeout: 60_000 });

// It starts in 2 s and takes 0.2 s for a file, so that two runs, one for each core, have all of them.
const RUNS = 2;

// Found by each run, which shows that it looks at errors and warnings of all that it is given.
const FAULTY = `Parameters:
  Unused:
    Type: String
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Colour: red
`;

interface Finding {
  readonly Filename: string;
  readonly Level: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Start: { readonly LineNumber: number } };
}

/** What the linter finds in files; its exit code says only that it found something. */
function lint(files: readonly string[]): Promise<Finding[]> {
  return new Promise((resolve, reject) => {
    const args = ['--format', 'json', '--', ...files];
    execFile(LINTER, args, { maxBuffer: 100_000_000, timeout: 600_000 }, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(new Error(`${LINTER} gave no JSON: ${stderr}`));
      }
    });
  });
}

describe('combinations of switches', () => {
  test('up to six are combined in every way', () => {
    expect(combinations(0)).toEqual([[]]);
    expect(new Set(combinations(6).map(String)).size).toBe(64);
  });

  test.each([7, 8, 9, 11, 16, 17])('each pair of %i is seen in all its states', count => {
    const rows = combinations(count);
    for (let first = 0; first < count; first += 1) {
      for (let second = 0; second < first; second += 1) {
        const states = rows.map(row => `${row[first]} ${row[second]}`);
        expect(new Set(states).size).toBe(4);
      }
    }
    expect(rows.length).toBeLessThan(16);
  });
});

test('cfn-lint is there in CI: DEPLOY_MARKER_CFN_LINT, or cfn-lint on PATH', () => {
  if (missing === undefined) return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true cfn-lint is required: ${missing.message}`);
  console.log(`SKIPPED: templates under cfn-lint: ${missing.message}`);
});

describe.runIf(missing === undefined)('cfn-lint', () => {
  const fillings = new Map<string, Filling>();
  const findings: Finding[] = [];

  beforeAll(async () => {
    const folder = await makeFolder();
    const runs: string[][] = [];
    for (let run = 0; run < RUNS; run += 1) runs.push([await writeTemplate(`faulty-${run}`, FAULTY)]);
    for (const name of TEMPLATE_NAMES) {
      const parameters = readTemplateParameters(await readTemplate(name));
      for (const [index, filling] of [{}, ...fillingsOf(name, parameters)].entries()) {
        const path = await writeTemplate(`${name}.${index}`, await readTemplate(name, filling));
        fillings.set(basename(path), filling);
        runs[fillings.size % RUNS]?.push(path);
      }
    }
    for (const found of await Promise.all(runs.map(lint))) findings.push(...found);

    async function writeTemplate(name: string, text: string): Promise<string> {
      const path = join(folder, `${name}.yaml`);
      await writeFile(path, text);
      return path;
    }
  }, 600_000);

  test('finds errors and warnings, in every run', () => {
    const found = findings.filter(({ Filename }) => basename(Filename).startsWith('faulty-'));
    expect(found.map(({ Level, Rule }) => `${Level} ${Rule.Id}`).sort()).toEqual([
      ...Array(RUNS).fill('Error E3002'),
      ...Array(RUNS).fill('Warning W2001'),
    ]);
  });

  test.each(TEMPLATE_NAMES)('%s passes as it stands and with its switches in all states', name => {
    expect([...fillings.keys()].filter(file => file.startsWith(`${name}.`)).length).toBeGreaterThan(1);
    const found = findings
      .map(finding => ({ ...finding, file: basename(finding.Filename) }))
      .filter(({ file }) => file.startsWith(`${name}.`))
      .map(({ file, Rule, Message, Location }) => {
        const { LineNumber } = Location.Start;
        return `${LineNumber}: ${Rule.Id} ${Message} (${JSON.stringify(fillings.get(file))})`;
      });
    expect(found).toEqual([]);
  });
});
