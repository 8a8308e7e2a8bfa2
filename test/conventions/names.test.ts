import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { mapOr } from '../orb/orb-parts.ts';
import { imagesOf } from './pipeline-rules.ts';
import { readFiles, readOne, type TextFile } from './repository.ts';

// scripts/release/names.json says what things are called that accounts are needed for; everything else is held to it.

const NAMES = JSON.parse((await readOne('scripts/release/names.json')).text);
const { host, name: repository } = NAMES.repository;
const PAGE = `https://${host}/${repository}`;
const ORB = `${NAMES.orb.namespace}/${NAMES.orb.name}`;

const MANIFEST = JSON.parse((await readOne('package.json')).text);
const FILES = await readFiles();
const DOCUMENTS = FILES.filter(({ path }) => /\.md$/.test(path) || /^(?:orb|\.circleci)\//.test(path));
const PIPELINES = FILES.filter(({ path }) => /^(?:\.circleci|orb\/src)\/.*\.yml$/.test(path));

/** What a pattern finds in files, each with its file. */
function findAll(files: readonly TextFile[], pattern: RegExp): [path: string, found: string][] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([all, found = all]): [string, string] => [path, found]),
  );
}

describe('package.json', () => {
  test('has the name, the command and the places', () => {
    expect(MANIFEST).toMatchObject({
      name: NAMES.package,
      bin: { [NAMES.command]: 'dist/cli.cjs' },
      repository: { type: 'git', url: `git+${PAGE}.git` },
      homepage: `${PAGE}#readme`,
      bugs: `${PAGE}/issues`,
    });
    const [, scope = null] = /^(@[^/]+)\//.exec(NAMES.package) ?? [];
    expect(scope).toBe(NAMES.scope);
  });

  test('says what npm may do: everybody may have it, and there is no provenance from CircleCI', () => {
    expect(MANIFEST.publishConfig).toEqual({ access: 'public', provenance: false });
  });

  test('and the lock has the name', async () => {
    const lock = JSON.parse((await readOne('package-lock.json')).text);
    expect([lock.name, lock.packages[''].name]).toEqual([NAMES.package, NAMES.package]);
  });
});

describe('the orb', () => {
  test('shows the repository', async () => {
    const { display } = parse((await readOne('orb/src/@orb.yml')).text);
    expect(display).toEqual({ home_url: PAGE, source_url: PAGE });
  });

  test('is published under its name', async () => {
    const { workflows } = parse((await readOne('.circleci/test-deploy.yml')).text, { merge: true });
    const jobs: unknown[] = workflows.test_deploy.jobs;
    const publish = jobs.map(job => mapOr(mapOr(job)['orb-tools/publish'])).find(job => 'orb_name' in job);
    expect(publish?.['orb_name']).toBe(ORB);
  });

  test('is called so wherever somebody is told to use it, in the version that is released', () => {
    const references = findAll(DOCUMENTS, /[\w-]+\/[\w-]*deploy-marker@[\w.]+/g);
    expect(references.length).toBeGreaterThan(5);
    for (const [path, found] of references) expect(found, path).toBe(`${ORB}@${MANIFEST.version}`);
  });
});

test('no document leads to another repository of ours', () => {
  const owner = repository.split('/')[0];
  for (const [path, found] of findAll(DOCUMENTS, new RegExp(`${host}/(${owner}/[\\w-]+)`, 'g'))) {
    expect(found, path).toBe(repository);
  }
});

test('whoever is told to run the package or to install it is told its name', () => {
  const named = findAll(DOCUMENTS, /\bnp(?:x|m install)(?: --?\w+)* (@?[a-z][\w/-]*)/g);
  const ours = named.filter(([, name]) => name.includes('marker'));
  expect(ours.length).toBeGreaterThan(0);
  for (const [path, name] of ours) expect(name, path).toBe(NAMES.package);
});

test('every image is known, and every known image is used', () => {
  const used = PIPELINES.flatMap(({ text }) => {
    const document = mapOr(parse(text, { merge: true }));
    return imagesOf(mapOr(document['usage'] ?? document));
  });
  const names = used.map(image => image.replace(/[:@].*$/, ''));
  expect([...new Set(names)].sort()).toEqual(NAMES.images);
});
