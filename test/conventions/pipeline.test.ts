import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { mapOr } from '../orb/orb-parts.ts';
import { checkOrb } from '../orb/orb-rules.ts';
import { readPackedOrb, toMap, type YamlMap } from '../orb/packed-orb.ts';
import { cacheProblems, pinProblems, releaseProblems, stepNameProblems } from './pipeline-rules.ts';
import { readFiles, readOne } from './repository.ts';

function parse(text: string): YamlMap {
  const document = parseDocument(text, { merge: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  return toMap(document.toJS(), 'the file');
}

async function readYaml(path: string): Promise<YamlMap> {
  return parse((await readOne(path)).text);
}

const FILES = ['.circleci/config.yml', '.circleci/test-deploy.yml'];
const ORB = (await readFiles('orb/src')).filter(({ path }) => path.endsWith('.yml'));

/** What calls, parameters and references of a config break, with the packed orb in it as orb-tools/continue puts it. */
async function callProblems(config: YamlMap): Promise<string[]> {
  const orb = await readPackedOrb();
  const orbs = Object.entries(mapOr(config['orbs'])).map(([key, reference]) => [
    key,
    key === 'deploy-marker' ? 'a/deploy-marker@1.0.0' : reference,
  ]);
  const usage = { ...config, orbs: Object.fromEntries(orbs) };
  const examples = { pipeline: { description: 'the pipeline', usage } };
  const problems = checkOrb({ ...orb, examples }, 'a/deploy-marker');
  return problems
    .filter(({ code, file }) => code === 'CALL' && file.startsWith('examples.'))
    .map(({ file, message }) => `${file}: ${message}`);
}

describe.each(FILES)('%s', path => {
  test('pins every image and orb', async () => {
    expect(pinProblems(await readYaml(path))).toEqual([]);
  });

  test('calls only what there is, with the parameters it takes', async () => {
    expect(await callProblems(await readYaml(path))).toEqual([]);
  });

  test('names every step', async () => {
    expect(stepNameProblems(await readYaml(path))).toEqual([]);
  });

  test('releases for release tags only, within a context, and runs for tags at all', async () => {
    expect(releaseProblems(await readYaml(path))).toEqual([]);
  });

  test('has no cache', async () => {
    expect(cacheProblems(await readYaml(path))).toEqual([]);
  });
});

test('both halves pack on the same image', async () => {
  const [first, second] = await Promise.all(FILES.map(readYaml));
  const node = (config: YamlMap | undefined): unknown => mapOr(config?.['executors'])['node'];
  expect(node(first)).toBeDefined();
  expect(node(second)).toEqual(node(first));
});

test('the first half continues into the second', async () => {
  const jobs = JSON.stringify(mapOr(mapOr((await readYaml('.circleci/config.yml'))['workflows'])['check']));
  expect(jobs).toContain('"config_path":".circleci/test-deploy.yml"');
  // The key that it puts the orb under.
  expect(jobs).toContain('"orb_name":"deploy-marker"');
  expect(mapOr((await readYaml('.circleci/test-deploy.yml'))['orbs'])).toHaveProperty('deploy-marker', {});
});

test('what is released is made and rehearsed by the same scripts here and there', async () => {
  const [local, pipeline] = await Promise.all(
    ['.ci/run', '.circleci/test-deploy.yml'].map(async path => (await readOne(path)).text),
  );
  const usesOf = (text = ''): string[] =>
    [...text.matchAll(/scripts\/release\/([\w-]+\.mjs(?: --dry-run)?)/g)].map(([, use = '']) => use);
  const made = ['check-orb.mjs', 'publish-npm.mjs --dry-run', 'release-files.mjs'];
  expect([...new Set(usesOf(local))].sort()).toEqual(made);
  // The tag and the publication are the pipeline's own; so is the look at what an orb sent.
  expect([...new Set(usesOf(pipeline))].sort()).toEqual(
    [...made, 'check-record.mjs', 'check-tag.mjs', 'publish-npm.mjs'].sort(),
  );
});

test('the orb and its examples pin every image and orb', () => {
  expect(ORB.length).toBeGreaterThan(10);
  const problems = ORB.flatMap(({ path, text }) => {
    const file = parse(text);
    return pinProblems(toMap(file['usage'] ?? file, path)).map(problem => `${path}: ${problem}`);
  });
  expect(problems).toEqual([]);
});

const GOOD = `
version: 2.1
orbs: { tool: a/tool@1.2.3, orb-tools: circleci/orb-tools@12.3.3, deploy-marker: {} }
executors:
  base: { docker: [{ image: cimg/base:2026.08 }] }
  variant: { docker: [{ image: 'node:24.16.0-alpine3.22' }, { image: 'a/b@sha256:${'0'.repeat(64)}' }] }
  vm: { machine: { image: 'ubuntu-2404:2026.05.1' } }
jobs:
  build:
    parameters: { tag: { type: string, default: 1.2.3 } }
    docker: [{ image: 'cimg/node:<< parameters.tag >>' }]
    steps:
      - checkout
      - when: { condition: true, steps: [{ run: { name: inner, command: 'true' } }] }
      - deploy-marker/session_name: { env: test }
  release:
    executor: base
    steps: [{ run: { name: Publish, command: npm publish x.tgz } }]
workflows:
  main:
    jobs:
      - build: { matrix: { parameters: { tag: [20.19.0, 26.8.0] } }, filters: { tags: { only: /.*/ } } }
      - release:
          context: secret
          requires: [build]
          pre-steps: [{ run: { name: before, command: 'true' } }]
          filters: &release { branches: { ignore: /.*/ }, tags: { only: '/^v[0-9]+\\.[0-9]+\\.[0-9]+$/' } }
      - orb-tools/publish: { context: secret, requires: [release], filters: *release }
`;

const RULES = { pinProblems, stepNameProblems, releaseProblems, cacheProblems };
const BAD: readonly (readonly [keyof typeof RULES, string, string, string])[] = [
  ['pinProblems', 'the image cimg/base:stable', 'cimg/base:2026.08', 'cimg/base:stable'],
  ['pinProblems', 'the image cimg/base is', 'cimg/base:2026.08', 'cimg/base'],
  ['pinProblems', 'the image cimg/base:current', 'cimg/base:2026.08', 'cimg/base:current'],
  ['pinProblems', 'the image node:24-alpine', 'node:24.16.0-alpine3.22', 'node:24-alpine'],
  ['pinProblems', 'the image node:24.16 ', 'node:24.16.0-alpine3.22', 'node:24.16'],
  ['pinProblems', 'the image node:latest', 'node:24.16.0-alpine3.22', 'node:latest'],
  ['pinProblems', 'the image ubuntu-2404:current', 'ubuntu-2404:2026.05.1', 'ubuntu-2404:current'],
  ['pinProblems', 'the image a/b@sha256:0', '@sha256:00', '@sha256:0'],
  ['pinProblems', 'the image cimg/node:lts', '[20.19.0,', '[lts,'],
  ['pinProblems', 'the image cimg/node:1.2 ', 'default: 1.2.3', 'default: "1.2"'],
  ['pinProblems', 'the image cimg/node:<<', 'parameters.tag', 'parameters.other'],
  ['pinProblems', 'the orb a/tool@1.2 ', 'a/tool@1.2.3', 'a/tool@1.2'],
  ['pinProblems', 'the orb a/tool@volatile', 'a/tool@1.2.3', 'a/tool@volatile'],
  ['pinProblems', 'the orb a/tool@dev:first', 'a/tool@1.2.3', 'a/tool@dev:first'],
  ['stepNameProblems', 'a step has no name: {"command":"true"}', 'name: inner, ', ''],
  ['stepNameProblems', 'a step has no name: {"name":""', 'name: before,', 'name: "",'],
  [
    'stepNameProblems',
    'a step has no name: "npm publish"',
    '{ name: Publish, command: npm publish x.tgz }',
    'npm publish',
  ],
  ['releaseProblems', 'release runs not only', 'branches: { ignore: /.*/ }', 'branches: { only: main }'],
  ['releaseProblems', 'release runs not only', '/^v[0-9]+', '/v[0-9]+'],
  ['releaseProblems', 'orb-tools/publish runs not only', ', filters: *release', ''],
  ['releaseProblems', 'release has no context', 'context: secret\n', '\n'],
  ['releaseProblems', 'orb-tools/publish has no context', 'publish: { context: secret,', 'publish: {'],
  ['releaseProblems', 'release waits for no test', 'requires: [build]', 'requires: []'],
  ['releaseProblems', 'build does not run for tags', ', filters: { tags: { only: /.*/ } }', ''],
  [
    'releaseProblems',
    'build runs not only',
    '- checkout\n',
    '- run: { name: x, command: node publish-npm.mjs x }\n',
  ],
  ['releaseProblems', 'build runs not only', '26.8.0] } }', '26.8.0] } }, context: secret, requires: [x]'],
  ['cacheProblems', 'it has save_cache', '- checkout', '- save_cache: { key: a }'],
  [
    'cacheProblems',
    'it has restore_cache',
    'steps: [{ run: { name: inner',
    'steps: [{ restore_cache: { key: a } }, { run: { name: inner',
  ],
];

describe('a fault is found', () => {
  test.each(BAD)('by %s: %s', (rule, start, from, to) => {
    expect(GOOD).toContain(from);
    expect(RULES[rule](parse(GOOD))).toEqual([]);
    const problems = RULES[rule](parse(GOOD.replace(from, to)));
    expect(problems[0]).toMatch(start);
  });

  test.each([
    ['bulid: there is no such thing', 'build: { matrix', 'bulid: { matrix'],
    ['requires bulid, which is no job here', 'requires: [build]', 'requires: [bulid]'],
    ['environment is passed but not declared', 'env: test }', 'environment: test }'],
    ['env is required but not passed', '{ env: test }', '{}'],
    ['tags is passed but not declared', 'tag: [20.19.0', 'tags: [20.19.0'],
  ])('in calls: %s', async (problem, from, to) => {
    expect(await callProblems(parse(GOOD))).toEqual([]);
    const problems = await callProblems(parse(GOOD.replace(from, to)));
    expect(problems).toContainEqual(expect.stringContaining(problem));
  });

  test('in the YAML itself', () => {
    expect(() => parse('a: 1\na: 2')).toThrow(/unique/);
    expect(() => parse('a: [')).toThrow();
  });
});
