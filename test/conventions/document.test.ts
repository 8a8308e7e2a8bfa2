import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { MARKER_FIELDS } from '../../src/core/marker/marker.ts';
import { UID_NAMESPACE } from '../../src/core/marker/uuid.ts';
import { errorCodes } from '../../src/errors/codes.ts';
import { missingFrom, placeProblems, testFolderProblems } from './document-rules.ts';
import { ROOT, readFiles, readOne } from './repository.ts';
import { codeProblems, variablesOf } from './source-rules.ts';

const FILES = await readFiles();
const SRC = FILES.filter(({ path }) => path.startsWith('src/'));
const CODES = Object.keys(errorCodes());
/** Where every code and variable is told. */
const REFERENCE = (await readOne('src/commands/README.md')).text;

describe('error codes', () => {
  test('each can happen', () => {
    expect(codeProblems(CODES, SRC)).toEqual([]);
  });

  test('each is in the reference', () => {
    expect(missingFrom(REFERENCE, CODES)).toEqual([]);
  });

  test('one that nothing throws is found, also when only comments and the table name it', () => {
    const files = [
      { path: 'src/errors/codes.ts', text: "'LOST'" },
      { path: 'src/core/a.ts', text: "/** @throws 'LOST' */\nthrow new DeployMarkerError('USAGE', 'x');" },
    ];
    expect(codeProblems(['LOST', 'USAGE'], files)).toEqual(['LOST: nothing throws it']);
    expect(missingFrom('`USAGE`, LOST', ['LOST', 'USAGE'])).toEqual(['LOST']);
  });
});

describe('fields of a marker', () => {
  test('each is in the reference, and so is the namespace of its ids', () => {
    const [, section = ''] = /\n## What is in a marker\n([\s\S]*?)\n## /.exec(REFERENCE) ?? [];
    expect(missingFrom(section, [...MARKER_FIELDS, UID_NAMESPACE])).toEqual([]);
  });
});

describe('variables', () => {
  test('each of ours and of AWS’s that the source names is in the reference', () => {
    const variables = variablesOf(SRC, CODES);
    expect(variables.length).toBeGreaterThan(10);
    expect(missingFrom(REFERENCE, variables)).toEqual([]);
  });

  test('a new one is found', () => {
    const text =
      "// AWS_NO\nconst a = env['AWS_NEW']; const b = `DEPLOY_MARKER_X1`; throw error('AWS_CODE');";
    expect(variablesOf([{ path: 'src/io/a.ts', text }], ['AWS_CODE'])).toEqual([
      'AWS_NEW',
      'DEPLOY_MARKER_X1',
    ]);
  });
});

test('the generated tables of every document are fresh', async () => {
  const script = join(ROOT, 'scripts/gen-docs.mjs');
  await expect(
    promisify(execFile)(process.execPath, [script, '--check'], { cwd: ROOT }),
  ).resolves.toBeDefined();
});

describe('places', () => {
  test('no file names where it was written', () => {
    expect(FILES.length).toBeGreaterThan(100);
    expect(placeProblems(FILES)).toEqual([]);
  });

  // In two pieces each, or this file would break the rule.
  test.each([
    ['see /wor', 'k/main/src'],
    ['see ../sha', 'red/notes.md'],
    ['by sha', 'red/design.md'],
    ['file:///Use', 'rs/ada/x'].map(text => text.replace('file://', '')),
    ['"/home', '/ada/app"'],
    ['https://registry.npm', 'js.org/x'],
    ['from py', 'pi.org'],
    ['https://artifact', 'ory.example.com/npm/x'],
  ])('%s%s is found', (head, tail) => {
    expect(placeProblems([{ path: 'a', text: `${head}${tail}` }])).toHaveLength(1);
  });

  test('what only looks like one is fine', () => {
    const text = 'https://example.com/work/x AWS_SHARED_CREDENTIALS_FILE shared-2.cjs ./shared/x homework/';
    expect(placeProblems([{ path: 'a', text }])).toEqual([]);
  });
});

describe('tests', () => {
  const FOLDERS = ['unit', 'integration', 'cli', 'contract', 'conventions'];

  test('every folder has some and the runner finds all', () => {
    const paths = FILES.map(({ path }) => path);
    expect(testFolderProblems(paths, FOLDERS)).toEqual([]);
  });

  test('README of the tests names every folder', async () => {
    expect(missingFrom((await readOne('test/README.md')).text, FOLDERS)).toEqual([]);
  });

  test('an empty folder and a file under a wrong name are found', () => {
    const paths = ['test/unit/a.test.ts', 'test/cli/b.spec.ts', 'src/c.test.ts', 'test/unit/latest.ts'];
    expect(testFolderProblems(paths, ['unit', 'cli'])).toEqual([
      'test/cli: has no test',
      'test/cli/b.spec.ts: the runner does not find it',
      'src/c.test.ts: the runner does not find it',
    ]);
  });
});
