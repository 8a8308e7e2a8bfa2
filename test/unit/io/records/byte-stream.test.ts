import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeEach, describe, expect, test } from 'vitest';
import { openByteStream } from '../../../../src/io/records/byte-stream.ts';
import { createTrailLogs } from '../../../../src/io/trail/trail-logs.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();
const { signal } = new AbortController();
const long = Buffer.alloc(1_000_000, 'x');

describe('a pipe', () => {
  beforeEach(() => void execFileSync('mkfifo', [at('pipe')]));

  test('is read as a file is, also by who comes before anything is in it', async () => {
    const stream = await openByteStream(at('pipe'), signal);
    const read = buffer(stream);
    createWriteStream(at('pipe')).end(long);
    expect((await read).equals(long)).toBe(true);
    expect(stream.bytesRead).toBe(long.length);
  });

  test.each([false, true])('of a log, packed: %s', async isPacked => {
    const log = JSON.stringify({
      Records: [{ eventSource: 'lambda.amazonaws.com', eventID: 'x'.repeat(400_000) }],
    });
    const query = { from: 0, until: 1, services: ['lambda'], component: undefined };
    const taken: unknown[] = [];
    const read = createTrailLogs(at('pipe'), 'pipe').read(query, record => taken.push(record), { signal });
    createWriteStream(at('pipe')).end(isPacked ? gzipSync(log) : log);
    expect(await read).toEqual([]);
    expect(taken).toEqual(JSON.parse(log).Records);
  });

  test.each(['that nobody writes to', 'that somebody holds open'])(
    '%s keeps neither the reader nor the process waiting after an abort',
    async how => {
      const entry = fileURLToPath(new URL('../../../../src/io/trail/trail-logs.ts', import.meta.url));
      const stop = `import { createTrailLogs } from ${JSON.stringify(entry)};
        const query = { from: 0, until: 1, services: [] };
        const signal = AbortSignal.timeout(300);
        createTrailLogs(process.argv[2], 'pipe').read(query, () => {}, { signal })
          .catch(() => process.exit(signal.aborted ? 6 : 1));
        setTimeout(() => {}, 20_000);`;
      const options = { bundle: true, platform: 'node', format: 'esm', outfile: at('stop.mjs') } as const;
      await build({ stdin: { contents: stop, resolveDir: '/' }, ...options });
      const child = spawn(process.execPath, [at('stop.mjs'), at('pipe')], { stdio: 'inherit' });
      const writer = how.includes('somebody')
        ? spawn('sh', ['-c', 'exec sleep 20 > "$0"', at('pipe')])
        : undefined;
      const begun = performance.now();
      const code = await new Promise(resolve => child.once('exit', resolve));
      writer?.kill();
      expect(code).toBe(6);
      expect(performance.now() - begun).toBeLessThan(5_000);
    },
  );
});

test('a file is read in pieces, and what is not there is named', async () => {
  writeFileSync(at('file'), long);
  expect((await buffer(await openByteStream(at('file'), signal))).equals(long)).toBe(true);
  await expect(openByteStream(at('none'), signal).then(buffer)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(openByteStream(at('file'), AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
});
