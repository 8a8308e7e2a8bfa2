import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { DeliveryError } from '../../../../src/core/delivery/delivery.ts';
import { createFileSink } from '../../../../src/io/file/file-sink.ts';
import { sampleMarker } from '../../core/marker/sample-marker.ts';
import { bundleScript, runScript } from '../child-script.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();
const MARKERS = [
  sampleMarker({ uid: 'u1', reason: 'a\nb\u2028' }),
  sampleMarker({ uid: 'u2', component: 'stack:領収書' }),
];

async function markersIn(path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map(line => JSON.parse(line));
}

describe('the file sink', () => {
  test('appends one JSON object a line', async () => {
    const sink = createFileSink({ path: at('m.jsonl') });
    expect(await sink.deliver(MARKERS)).toEqual({
      delivered: [
        { uid: 'u1', component: 'lambda:resize-image', eventId: null },
        { uid: 'u2', component: 'stack:領収書', eventId: null },
      ],
      failed: [],
    });
    await sink.deliver([sampleMarker({ uid: 'u3' })]);
    expect(await markersIn(at('m.jsonl'))).toEqual([...MARKERS, sampleMarker({ uid: 'u3' })]);
  });

  test('previews exactly what it would append, and writes nothing', async () => {
    const preview = await createFileSink({ path: at('m.jsonl'), title: './m.jsonl' }).preview(MARKERS);
    await expect(readFile(at('m.jsonl'))).rejects.toThrow('ENOENT');
    await createFileSink({ path: at('m.jsonl') }).deliver(MARKERS);
    expect(preview).toEqual([{ target: 'append to ./m.jsonl', body: await readFile(at('m.jsonl'), 'utf8') }]);
  });

  test('ends a line that a crash cut short, so that it spoils no other', async () => {
    await writeFile(at('m.jsonl'), `${JSON.stringify(MARKERS[0])}\n{"uid":"to`);
    await createFileSink({ path: at('m.jsonl') }).deliver(MARKERS);
    const lines = (await readFile(at('m.jsonl'), 'utf8')).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toBe('{"uid":"to\x18');
    expect([lines[0], lines[2], lines[3]].map(line => JSON.parse(line ?? ''))).toEqual([
      MARKERS[0],
      ...MARKERS,
    ]);
  });

  test.each(['{"uid":"whole"}', '{"a":{}}', 'x'])(
    'ends a line that only lacks its end as it is: %s',
    async last => {
      await writeFile(at('m.jsonl'), `${JSON.stringify(MARKERS[0])}\n${last}`);
      await createFileSink({ path: at('m.jsonl') }).deliver(MARKERS);
      expect((await readFile(at('m.jsonl'), 'utf8')).split('\n')[1]).toBe(last);
    },
  );

  test('follows no symbolic link', async () => {
    await writeFile(at('real'), '');
    await symlink(at('real'), at('m.jsonl'));
    const error = await createFileSink({ path: at('m.jsonl') })
      .deliver(MARKERS)
      .catch(reason => reason);
    expect(error).toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('symbolic link'),
    });
    expect(await readFile(at('real'), 'utf8')).toBe('');
  });

  test.each([
    ['a script', '#!/bin/sh\necho hello\n'],
    ['settings', 'export A=1\n'],
    ['a list', '[1]\n'],
    ['bytes', '\0\0'],
  ])('touches no file that begins as %s', async (_, text) => {
    await writeFile(at('m.jsonl'), text);
    const error = await createFileSink({ path: at('m.jsonl') })
      .deliver(MARKERS)
      .catch(reason => reason);
    expect(error).toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('something else than markers'),
    });
    expect(await readFile(at('m.jsonl'), 'utf8')).toBe(text);
  });

  test.each(['', '\n\n', '\ufeff{}\n'])('appends to %j', async text => {
    await writeFile(at('m.jsonl'), text);
    await createFileSink({ path: at('m.jsonl') }).deliver(MARKERS);
    const lines = (await readFile(at('m.jsonl'), 'utf8')).slice(text.length).trimEnd().split('\n');
    expect(lines.map(line => JSON.parse(line))).toEqual(MARKERS);
  });

  test('of a full disk keeps whole markers alone, and says which', async () => {
    const script = await bundleScript(
      `import { createFileSink } from './file/file-sink.ts';
       const markers = Array.from({ length: 100 }, (_, i) => ({ uid: 'u' + i, component: 'lambda:x', reason: 'r'.repeat(200) }));
       const error = await createFileSink({ path: process.argv[2] }).deliver(markers as never).catch(reason => reason);
       console.log(JSON.stringify({ code: error.code, message: error.message, ...error.delivery }));`,
      at('full.mjs'),
    );
    // 8 blocks of 1,024 bytes are what this shell lets its children write.
    const printed = execFileSync(
      'bash',
      ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, script, at('m.jsonl')],
      {
        encoding: 'utf8',
      },
    );
    const { code, message, delivered, failed } = JSON.parse(printed);
    const kept = await markersIn(at('m.jsonl'));
    expect(kept).toHaveLength(32);
    expect(delivered.map(({ uid }: { uid: string }) => uid)).toEqual(
      kept.map(marker => (marker as { uid: string }).uid),
    );
    expect([code, failed.length]).toEqual(['FILE_UNWRITABLE', 68]);
    expect(message).toContain('the disk took 32 of 100 markers');
  });

  test('several processes that append at once keep every line whole', async () => {
    const script = await bundleScript(
      `import { createFileSink } from './file/file-sink.ts';
       const [path, name] = process.argv.slice(2);
       const sink = createFileSink({ path });
       for (let round = 0; round < 15; round += 1) {
         const of = (i: number) => ({ uid: name + '-' + round + '-' + i, component: 'lambda:x', reason: name.repeat(200 * i) });
         await sink.deliver(Array.from({ length: 40 }, (_, i) => of(i)) as never);
       }`,
      at('append.mjs'),
    );
    await writeFile(at('m.jsonl'), '{"torn":');
    await Promise.all(['a', 'b', 'c', 'd'].map(name => runScript(script, [at('m.jsonl'), name])));
    const [torn, ...lines] = (await readFile(at('m.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(torn).toBe('{"torn":\x18');
    const uids = lines.filter(line => line !== '' && line !== '\x18').map(line => JSON.parse(line).uid);
    const expected = ['a', 'b', 'c', 'd'].flatMap(name =>
      Array.from({ length: 600 }, (_, i) => `${name}-${Math.floor(i / 40)}-${i % 40}`),
    );
    expect(uids.sort()).toEqual(expected.sort());
    for (const name of ['a', 'b', 'c', 'd'])
      expect(uids.filter(uid => uid.startsWith(name))).toHaveLength(600);
  });
});

describe('a file that cannot be written', () => {
  test.each<[string, (path: string) => Promise<unknown> | unknown]>([
    ['is a folder', path => mkdir(path)],
    ['is in no folder', () => {}],
    ['is a FIFO', path => execFileSync('mkfifo', [path])],
    ['is behind a file', async () => writeFile(at('no'), '')],
  ])('because it %s fails every marker by name', async (why, prepare) => {
    const path = why.startsWith('is in') || why.startsWith('is behind') ? at('no/m.jsonl') : at('m.jsonl');
    await prepare(path);
    const error: unknown = await createFileSink({ path, title: 'the file' })
      .deliver(MARKERS)
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({
      code: 'FILE_UNWRITABLE',
      exitCode: 5,
      message: expect.stringMatching(/^cannot write the file: ./),
      hint: expect.stringContaining('--file'),
      delivery: {
        delivered: [],
        failed: ['u1', 'u2'].map(uid => ({
          uid,
          component: expect.any(String),
          errorCode: 'FILE_UNWRITABLE',
          errorMessage: expect.any(String),
        })),
      },
    });
    if (why === 'is a FIFO')
      expect(error).toMatchObject({ message: 'cannot write the file: it is not a regular file' });
    expect(Object.keys(error ?? {})).not.toContain('delivery');
  });

  test.skipIf(process.getuid?.() === 0)('because of its mode', async () => {
    await writeFile(at('m.jsonl'), '');
    await chmod(at('m.jsonl'), 0o444);
    await expect(createFileSink({ path: at('m.jsonl') }).deliver(MARKERS)).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    });
  });
});
