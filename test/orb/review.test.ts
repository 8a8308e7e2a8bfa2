import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { packTree } from '../../scripts/orb/pack.mjs';
import { readSourceTree } from '../../scripts/orb/source-tree.mjs';
import { compileJob } from './compile-orb.ts';
import { CALL_FAULTS } from './fixtures/call-faults.ts';
import { REVIEW_FAULTS } from './fixtures/review-faults.ts';
import { SHAPE_FAULTS } from './fixtures/shape-faults.ts';
import { GOOD_SOURCE } from './fixtures/source-tree.ts';
import { mapOr } from './orb-parts.ts';
import { checkOrb } from './orb-rules.ts';
import { PACKED_ORB, readPackedOrb } from './packed-orb.ts';
import { type OrbIdentity, reviewOrb } from './review-rules.ts';
import { cutRunSteps } from './run-texts.ts';

const ROOT = new URL('../../', import.meta.url);
const { version } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8'));
const OURS: OrbIdentity = { name: 'deploy-marker/deploy-marker', key: 'deploy-marker', version };
const GOOD: OrbIdentity = { name: 'acme/greet', key: 'greet', version: '1.2.3' };

test('the orb of the fixtures has no fault but the one that each test brings in', () => {
  expect(reviewOrb(GOOD_SOURCE, GOOD)).toEqual([]);
  expect(checkOrb(packTree(GOOD_SOURCE), GOOD.name)).toEqual([]);
});

/** The good tree with `from` replaced by `to` in one file; without `from` the file is `to`, without both it is gone. */
function spoil(path: string, from: string | undefined, to: string | undefined): Map<string, string> {
  const tree = new Map(GOOD_SOURCE);
  if (to === undefined) return tree.delete(path) ? tree : expect.fail(`there is no ${path}`);
  const text = GOOD_SOURCE.get(path) ?? '';
  if (from !== undefined && !text.includes(from)) expect.fail(`${path} does not hold ${from}`);
  return tree.set(path, from === undefined ? to : text.replace(from, () => to));
}

describe("orb-tools' review", () => {
  test('finds nothing in our orb', async () => {
    const tree = await readSourceTree(fileURLToPath(new URL('orb/src', ROOT)));
    expect(tree.size).toBeGreaterThan(10);
    expect(reviewOrb(tree, OURS)).toEqual([]);
  });

  test.each(REVIEW_FAULTS)('%s: %s', (code, _what, path, from, to, message) => {
    expect(reviewOrb(spoil(path, from, to), GOOD)).toContainEqual({
      code,
      file: expect.stringMatching(path.startsWith('examples/') ? /^examples\// : path),
      message: expect.stringContaining(message),
    });
  });

  test('has a fault for every rule', () => {
    expect([...new Set(REVIEW_FAULTS.map(([code]) => code))]).toEqual(
      ['01', '02', '03', '04', '05', '08', '09', '10', '11', '12'].map(number => `RC0${number}`),
    );
  });
});

describe('the packed orb', () => {
  test('of ours has no fault', async () => {
    const orb = await readPackedOrb();
    expect(Object.keys(orb['commands'] ?? {})).toHaveLength(7);
    expect(checkOrb(orb, OURS.name)).toEqual([]);
  });

  // The job continue of orb-tools puts it into one environment variable, of which Linux takes 128 KiB; CircleCI takes 8 MB of compiled
  // configuration, in which a deploy job may be many times. Parameters to come need room.
  test('is small, and so is a job deploy that is compiled', async () => {
    expect((await readFile(PACKED_ORB)).length).toBeLessThan(66_000);
    const call = { env: 'prod', component: 'lambda:a', role_arn: 'arn:aws:iam::123456789012:role/deploy' };
    const job = compileJob(await readPackedOrb(), 'deploy-marker/deploy', {
      ...call,
      steps: [{ run: 'true' }],
    });
    expect(Buffer.byteLength(stringify(job, { aliasDuplicateObjects: false }))).toBeLessThan(20_000);
  });

  test('shares descriptions, but nothing that a step is: each means the same when it is cut out and read alone', async () => {
    const text = await readFile(PACKED_ORB, 'utf8');
    const runs = cutRunSteps(text.slice(0, text.indexOf('\nexamples:')));
    expect(runs.length).toBeGreaterThan(10);
    expect(runs.filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(text.match(/(?<=: )[*&]_[a-z]+(?=[ ,])/g)?.length).toBeGreaterThan(100);
    expect(text.replace(/description: [*&]_[a-z]+[ ,\n]/g, '')).not.toMatch(/: [*&][_a-z]/);
  });

  test.each([...CALL_FAULTS, ...SHAPE_FAULTS])('%s: %s', (code, _what, path, from, to, message) => {
    const problems = checkOrb(packTree(spoil(path, from, to)), GOOD.name);
    expect(problems).toContainEqual({
      code,
      file: expect.any(String),
      message: expect.stringContaining(message),
    });
  });

  test('with another top-level key, which packing refuses, is found', () => {
    expect(checkOrb({ ...packTree(GOOD_SOURCE), comands: {} }, GOOD.name)).toEqual([
      { code: 'KEY', file: 'the orb', message: 'comands is no key here' },
    ]);
  });

  test.each([
    ['of an example', (usage: unknown) => ({ use: usage }), 'use is no key here'],
    ['of a usage', (usage: object) => ({ usage: { ...usage, workflow: {} } }), 'workflow is no key here'],
  ])('with another key %s, which packing refuses too, is found', (_what, change, message) => {
    const orb = packTree(GOOD_SOURCE);
    const { say_hello: example } = mapOr(orb['examples']);
    const changed = { description: 'x', ...change(mapOr(mapOr(example)['usage'])) };
    const problems = checkOrb({ ...orb, examples: { say_hello: changed } }, GOOD.name);
    expect(problems).toContainEqual({ code: 'KEY', file: 'examples.say_hello', message });
  });
});
