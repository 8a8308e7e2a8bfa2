import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { errorOf, makeFolder } from '../run-cli.ts';
import { emitRecords, emitTo, toJsonLines, wholeMarker } from './scene.ts';

/** A server that never answers, and a promise of its first request. */
async function startSilentServer(): Promise<{ server: AwsServer; asked: Promise<void> }> {
  let tell: () => void = () => {};
  const asked = new Promise<void>(resolve => {
    tell = resolve;
  });
  const server = await startAwsServer({ onRequest: () => tell() });
  server.faults.add('PutAuditEvents', { kind: 'hang' }, Number.POSITIVE_INFINITY);
  return { server, asked };
}

describe.concurrent('a signal while the service does not answer', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends emit with 6 at once', async signal => {
    const { server, asked } = await startSilentServer();
    try {
      let sent = 0;
      const when = asked.then(() => {
        sent = performance.now();
      });
      const result = await emitTo(server, [], { signalAfter: { signal, when } });
      expect(performance.now() - sent).toBeLessThan(3_000);
      expect(result).toMatchObject({ code: 6, signal: null, stdout: '' });
      expect(errorOf(result)).toMatchObject({ code: 'CANCELLED', message: `cancelled by ${signal}` });
    } finally {
      await server.close();
    }
  });

  test('leaves no copy of stdin behind', async () => {
    const { server, asked } = await startSilentServer();
    try {
      const temporary = await makeFolder();
      const held: string[] = [];
      const when = asked.then(async () => {
        held.push(...(await readdir(temporary)));
      });
      const result = await emitRecords(server, ['--from', '-'], {
        input: toJsonLines([wholeMarker(1)]),
        env: { TMPDIR: temporary },
        signalAfter: { signal: 'SIGTERM', when },
      });
      expect(result.code).toBe(6);
      expect(held).toHaveLength(1);
      expect(await readdir(temporary)).toEqual([]);
    } finally {
      await server.close();
    }
  });

  test('is an answer that --on-error ignore does not forgive', async () => {
    const { server, asked } = await startSilentServer();
    try {
      const signalAfter = { signal: 'SIGTERM', when: asked } as const;
      expect((await emitTo(server, ['--on-error', 'ignore'], { signalAfter })).code).toBe(6);
    } finally {
      await server.close();
    }
  });
});
