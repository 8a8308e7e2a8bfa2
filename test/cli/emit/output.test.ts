import { describe, expect, test } from 'vitest';
import { errorOf } from '../run-cli.ts';
import { emitTo, storedMarkers, withAwsServer } from './scene.ts';

describe.concurrent('what emit prints', () => {
  test('with --json is one document, and nothing else', () =>
    withAwsServer(async server => {
      const result = await emitTo(server, ['--component', 'lambda:b', '--json']);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toMatch(/^\{[^\n]*\}\n$/);
      expect(JSON.parse(result.stdout)).toEqual({
        version: 1,
        results: [
          {
            sink: 'lake',
            delivered: server.state.stored.map(({ id, eventID }, index) => ({
              uid: id,
              component: index === 0 ? 'lambda:resize-image' : 'lambda:b',
              eventId: eventID,
            })),
            failed: [],
            spooled: [],
          },
        ],
      });
    }));

  test('without --json is a line per marker on stdout', () =>
    withAwsServer(async server => {
      const { stdout, stderr } = await emitTo(server, ['--component', 'lambda:b']);
      const expected = server.state.stored.map(
        ({ id, eventID }, index) =>
          `stored in lake: ${storedMarkers(server)[index]?.['component']} uid=${id} event=${eventID}\n`,
      );
      expect(stdout).toBe(expected.join(''));
      expect(stderr).toBe('');
    }));

  test('with --quiet leaves out notes, and keeps the result and errors', () =>
    withAwsServer(async server => {
      const loud = await emitTo(server, ['--dry-run']);
      expect(loud.stderr).toBe('dry run: all checks passed, nothing was sent\n');
      const quiet = await emitTo(server, ['--dry-run', '--quiet']);
      expect(quiet).toMatchObject({ code: 0, stderr: '' });
      expect(quiet.stdout).toContain('PutAuditEvents');
      server.faults.add('PutAuditEvents', { kind: 'denied' });
      expect(errorOf(await emitTo(server, ['--quiet'])).code).toBe('ACCESS_DENIED');
    }));

  test('with --json is an error as one JSON object on stderr', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'denied' });
      const result = await emitTo(server, ['--json']);
      expect(result.code).toBe(3);
      expect(result.stderr).toMatch(/^\{[^\n]*\}\n$/);
      expect(JSON.parse(result.stderr)).toEqual({
        error: {
          code: 'ACCESS_DENIED',
          message: expect.stringContaining('AccessDeniedException'),
          hint: expect.any(String),
          exitCode: 3,
          retryable: false,
        },
      });
      const [{ failed, delivered }] = JSON.parse(result.stdout).results;
      expect(delivered).toEqual([]);
      expect(failed).toMatchObject([{ component: 'lambda:resize-image', errorCode: 'ACCESS_DENIED' }]);
    }));
});
