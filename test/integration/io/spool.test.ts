import { execFileSync } from 'node:child_process';
import { watch } from 'node:fs';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { parseSpoolText, toSpoolText } from '../../../src/core/delivery/spool-file.ts';
import type { Marker } from '../../../src/core/marker/marker.ts';
import type { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';
import { openSpool, type SpooledBatch } from '../../../src/io/spool/spool.ts';
import { sampleMarker } from '../../unit/core/marker/sample-marker.ts';
import { bundleScript, runScript } from '../../unit/io/child-script.ts';
import { useScratchFolder } from '../../unit/io/scratch-folder.ts';

const at = useScratchFolder();
const LAKE = {
  sink: 'lake',
  target: 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b',
} as const;
const LOGS = { sink: 'logs', target: 'eu-west-1:/deploys' } as const;
const NAME = '20251214T081234567Z-5a25eab5-7d4c-4b9b-ad4f-93157986caec.json';

function markers(...names: readonly string[]): Marker[] {
  return names.map(name => sampleMarker({ uid: `uid-${name}`, component: `lambda:${name}` }));
}

const delivered = (...list: readonly Marker[]) =>
  list.map(({ uid, component }) => ({ uid, component, eventId: null }));
const failed = (errorCode: string, ...list: readonly Marker[]) =>
  list.map(({ uid, component }) => ({ uid, component, errorCode, errorMessage: `because ${errorCode}` }));

/** Files of a folder that count, and what they hold. */
async function uidsIn(folder: string): Promise<string[][]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter(name => name.endsWith('.json')).sort();
  const texts = await Promise.all(files.map(name => readFile(`${folder}/${name}`, 'utf8')));
  return texts.map(text => JSON.parse(text).markers.map(({ uid }: Marker) => uid));
}

async function readAll(folder: string): Promise<{ batches: SpooledBatch[]; broken: DeployMarkerError[] }> {
  const batches: SpooledBatch[] = [];
  const broken: DeployMarkerError[] = [];
  for await (const batch of openSpool(folder).batches(error => broken.push(error))) batches.push(batch);
  return { batches, broken };
}

describe('put', () => {
  test('writes a private file into a private folder that it makes, parents and all', async () => {
    await openSpool(at('a/b')).put(LAKE, markers('x'));
    expect((await stat(at('a/b'))).mode & 0o777).toBe(0o700);
    const [name = ''] = await readdir(at('a/b'));
    expect(name).toMatch(/^\d{8}T\d{9}Z-[0-9a-f-]{36}\.json$/);
    expect((await stat(at(`a/b/${name}`))).mode & 0o777).toBe(0o600);
  });

  test('gives each batch a name of its own, also at the same moment', async () => {
    const spool = openSpool(at('s'));
    await Promise.all(Array.from({ length: 50 }, (_, index) => spool.put(LAKE, markers(`${index}`))));
    expect(new Set((await uidsIn(at('s'))).flat()).size).toBe(50);
  });

  test('never lets a file that counts be seen half written', async () => {
    await mkdir(at('s'));
    const seen: Promise<string>[] = [];
    const watcher = watch(at('s'), (_, name) => {
      if (name?.endsWith('.json')) seen.push(readFile(at(`s/${name}`), 'utf8'));
    });
    const list = Array.from({ length: 500 }, (_, index) => `m${index}`);
    for (let round = 0; round < 20; round += 1) await openSpool(at('s')).put(LOGS, markers(...list));
    await sleep(50);
    watcher.close();
    const texts = await Promise.all(seen);
    expect(texts.length).toBeGreaterThanOrEqual(20);
    for (const text of texts) expect(parseSpoolText(text)).toMatchObject({ markers: { length: 500 } });
    expect((await readdir(at('s'))).filter(name => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('batches', () => {
  test('come back with their destination, UIDs and times, the oldest first', async () => {
    const spool = openSpool(at('s'));
    const first = markers('a', 'b');
    await spool.put(LAKE, first);
    await sleep(5);
    await spool.put(LOGS, markers('c'));
    const { batches } = await readAll(at('s'));
    expect(batches.map(({ destination }) => destination)).toEqual([LAKE, LOGS]);
    expect(batches.map(batch => batch.markers)).toEqual([first, markers('c')]);
  });

  test('of a folder that is not there are none', async () => {
    expect(await readAll(at('nowhere'))).toEqual({ batches: [], broken: [] });
    expect(await readdir(at())).toEqual([]);
  });

  const text = (): string => toSpoolText({ ...LAKE, markers: markers('a') });
  test.each([
    ['cut short', () => text().slice(0, 100), 'it is not JSON'],
    ['empty', () => '', 'it is not JSON'],
    ['of another version', () => text().replace('"version":1', '"version":2'), 'its version is not 1'],
    ['with a marker without a UID', () => text().replace('"uid":"uid-a",', ''), 'none of its markers holds'],
  ])('a file %s goes to rejected/ as it is, and the others are read', async (_, content, why) => {
    await mkdir(at('s'));
    await writeFile(at(`s/${NAME}`), content());
    await openSpool(at('s')).put(LAKE, markers('good'));
    const { batches, broken } = await readAll(at('s'));
    expect(batches.map(batch => batch.markers)).toEqual([markers('good')]);
    expect(broken).toMatchObject([{ code: 'MARKER_INVALID', hint: `look at it in ${at('s/rejected')}` }]);
    expect(broken[0]?.message).toBe(`${at(`s/${NAME}`)} is no batch of markers: ${why}`);
    expect(await readFile(at(`s/rejected/${NAME}`), 'utf8')).toBe(content());
    expect(await uidsIn(at('s'))).toEqual([['uid-good']]);
  });

  test.each(['notes.json', 'README', `${NAME}.bak`, `x${NAME}`, `${NAME}.5a25eab5.tmp`])(
    'passes over %s, which is of somebody else',
    async name => {
      await mkdir(at('s'));
      await writeFile(at(`s/${name}`), 'mine');
      expect(await readAll(at('s'))).toEqual({ batches: [], broken: [] });
      expect(await readdir(at('s'))).toEqual([name]);
    },
  );

  test('do not come from rejected/', async () => {
    await mkdir(at('s/rejected'), { recursive: true });
    await writeFile(at(`s/rejected/${NAME}`), text());
    expect((await readAll(at('s'))).batches).toEqual([]);
  });

  test('pass over what a process left that was killed before the rename, and remove it after an hour', async () => {
    await mkdir(at('s'));
    const young = `${NAME}.11111111-7d4c-4b9b-ad4f-93157986caec.tmp`;
    const old = `${NAME}.22222222-7d4c-4b9b-ad4f-93157986caec.tmp`;
    for (const name of [young, old]) await writeFile(at(`s/${name}`), text().slice(0, 50));
    const before = new Date(Date.now() - 3_700_000);
    await utimes(at(`s/${old}`), before, before);
    expect((await readAll(at('s'))).batches).toEqual([]);
    expect(await readdir(at('s'))).toEqual([young]);
  });

  test('that another process delivered meanwhile are passed over', async () => {
    const spool = openSpool(at('s'));
    await spool.put(LAKE, markers('a'));
    await sleep(5);
    await spool.put(LAKE, markers('b'));
    const seen: string[] = [];
    for await (const batch of spool.batches(() => {})) {
      seen.push(...batch.markers.map(({ uid }) => uid));
      for (const name of await readdir(at('s'))) await rm(at(`s/${name}`));
    }
    expect(seen).toEqual(['uid-a']);
  });

  test('a path that is a file is unreadable', async () => {
    await writeFile(at('file'), '');
    await expect(readAll(at('file'))).rejects.toMatchObject({ code: 'INPUT_UNREADABLE', exitCode: 2 });
  });

  test.each([
    ['a folder', (path: string) => mkdir(path), 'it is a folder'],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path]), 'it is not a regular file'],
    ['a link', (path: string) => symlink('/dev/zero', path), 'it is not a regular file'],
    [
      'of a size that no batch has',
      async (path: string) => {
        await writeFile(path, '{');
        await truncate(path, 65_000_000);
      },
      'it is larger than 64000000 bytes',
    ],
  ])(
    'what is called like a batch and is %s goes to rejected/, and the others are read',
    async (_, make, why) => {
      await mkdir(at('s'));
      await make(at(`s/${NAME}`));
      await openSpool(at('s')).put(LAKE, markers('good'));
      const { batches, broken } = await readAll(at('s'));
      expect(batches.map(batch => batch.markers)).toEqual([markers('good')]);
      expect(broken).toMatchObject([{ code: 'MARKER_INVALID', message: expect.stringContaining(why) }]);
      expect(await readdir(at('s/rejected'))).toEqual([NAME]);
    },
  );
});

describe('settle', () => {
  test('of markers that were all stored removes the file', async () => {
    const list = markers('a', 'b');
    const batch = await openSpool(at('s')).put(LAKE, list);
    expect(await batch.settle({ delivered: delivered(...list), failed: [] })).toEqual([]);
    expect(await readdir(at('s'))).toEqual([]);
  });

  test.each([
    'NETWORK',
    'TIMEOUT',
    'CANCELLED',
    'ACCESS_DENIED',
    'UNEXPECTED_RESPONSE',
    'Throttling',
    'InternalFailure',
    'Unknown',
  ])('of markers that failed with %s leaves the very file', async code => {
    const list = markers('a', 'b');
    const batch = await openSpool(at('s')).put(LAKE, list);
    const before = await readdir(at('s'));
    expect(await batch.settle({ delivered: [], failed: failed(code, ...list) })).toEqual(['uid-a', 'uid-b']);
    expect(await readdir(at('s'))).toEqual(before);
  });

  test('of a part keeps the rest', async () => {
    const [a, b, c] = markers('a', 'b', 'c');
    if (!a || !b || !c) throw new Error('three markers');
    const batch = await openSpool(at('s')).put(LAKE, [a, b, c]);
    const left = await batch.settle({ delivered: delivered(b), failed: failed('Throttling', a, c) });
    expect(left).toEqual(['uid-a', 'uid-c']);
    expect(await uidsIn(at('s'))).toEqual([['uid-a', 'uid-c']]);
    expect((await readAll(at('s'))).batches[0]).toMatchObject({ destination: LAKE, markers: [a, c] });
  });

  test.each(['InvalidData', 'FieldTooLong', 'TooOld', 'SomethingNew'])(
    'of a marker refused with %s sets it aside with the reason, and keeps the rest',
    async code => {
      const [a, b, c] = markers('a', 'b', 'c');
      if (!a || !b || !c) throw new Error('three markers');
      const batch = await openSpool(at('s')).put(LAKE, [a, b, c]);
      const left = await batch.settle({
        delivered: delivered(a),
        failed: [...failed(code, b), ...failed('NETWORK', c)],
      });
      expect(left).toEqual(['uid-c']);
      expect(await uidsIn(at('s'))).toEqual([['uid-c']]);
      const [name = ''] = await readdir(at('s/rejected'));
      expect(JSON.parse(await readFile(at(`s/rejected/${name}`), 'utf8'))).toEqual({
        version: 1,
        ...LAKE,
        markers: [b],
        refusals: failed(code, b),
      });
    },
  );

  test('does no harm after another process did the same', async () => {
    const spool = openSpool(at('s'));
    const list = markers('a', 'b');
    await spool.put(LAKE, list);
    const [{ batches: [one] = [] }, { batches: [other] = [] }] = [
      await readAll(at('s')),
      await readAll(at('s')),
    ];
    if (!one || !other) throw new Error('the batch is not there');
    await one.settle({ delivered: delivered(...list), failed: [] });
    expect(await other.settle({ delivered: delivered(...list), failed: [] })).toEqual([]);
    expect(await readdir(at('s'))).toEqual([]);
  });
});

describe('two processes in one folder', () => {
  test('write side by side without losing a batch, while a third reads', async () => {
    const script = await bundleScript(
      `import { openSpool } from './spool/spool.ts';
       const [folder, who] = process.argv.slice(2);
       const marker = ${JSON.stringify(sampleMarker())};
       const spool = openSpool(folder);
       for (let n = 0; n < 60; n += 1) await spool.put(${JSON.stringify(LAKE)}, [{ ...marker, uid: who + '-' + n }]);`,
      at('writer.mjs'),
    );
    let running = true;
    const writers = Promise.all(['a', 'b'].map(who => runScript(script, [at('s'), who]))).finally(() => {
      running = false;
    });
    while (running) {
      expect((await readAll(at('s'))).broken).toEqual([]);
      await sleep(5);
    }
    await writers;
    expect(new Set((await uidsIn(at('s'))).flat()).size).toBe(120);
  });
});

describe('a spool that cannot be written', () => {
  const unwritable = { code: 'SPOOL_UNWRITABLE', exitCode: 5, hint: expect.stringContaining('--spool') };

  test('because it is a file, or lies in one', async () => {
    await writeFile(at('file'), '');
    await expect(openSpool(at('file')).put(LAKE, markers('a'))).rejects.toMatchObject(unwritable);
    await expect(openSpool(at('file/s')).put(LAKE, markers('a'))).rejects.toMatchObject(unwritable);
    expect(await readFile(at('file'), 'utf8')).toBe('');
  });

  test.runIf(process.getuid?.() !== 0)('because it may not be written to', async () => {
    await mkdir(at('s'));
    await chmod(at('s'), 0o500);
    await expect(openSpool(at('s')).put(LAKE, markers('a'))).rejects.toMatchObject(unwritable);
  });

  test('because its folder went away between two steps', async () => {
    const batch = await openSpool(at('s')).put(LAKE, markers('a', 'b'));
    await rename(at('s'), at('elsewhere'));
    await writeFile(at('s'), '');
    const [a] = batch.markers;
    if (!a) throw new Error('no marker');
    await expect(batch.settle({ delivered: delivered(a), failed: [] })).rejects.toMatchObject(unwritable);
    expect(await uidsIn(at('elsewhere'))).toEqual([['uid-a', 'uid-b']]);
  });

  test('is written where a symbolic link leads, as with any folder', async () => {
    await mkdir(at('real'));
    await symlink(at('real'), at('link'));
    await openSpool(at('link')).put(LAKE, markers('a'));
    expect(await uidsIn(at('real'))).toEqual([['uid-a']]);
  });
});
