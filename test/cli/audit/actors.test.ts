import { describe, expect, test } from 'vitest';
import { iamUser, inConsole, serviceEvent } from '../../trail-world/actors.ts';
import { updateFunctionCode } from '../../trail-world/lambda-calls.ts';
import { createChangeSet, deleteChangeSet } from '../../trail-world/stack-calls.ts';
import { byService, unexplained } from '../../trail-world/truth.ts';
import { HOME } from '../trail/trail-scene.ts';
import { auditScene } from './audit-scene.ts';

const DECRYPT = { service: 'kms', name: 'Decrypt', request: {}, response: null, component: '' };

describe.concurrent('who made a change', () => {
  test('a click in the deploy’s own session fails the audit as a person’s', async () => {
    const { code, findings } = await auditScene(scene => {
      const clicked = inConsole(scene.pipeline().caller);
      scene.change({ by: clicked, at: scene.at(2), call: updateFunctionCode(HOME, 'orders') }, unexplained);
    });
    expect(code).toBe(10);
    expect(findings?.map(({ kind, fails }) => `${kind} ${fails}`)).toEqual([
      'coincident-change false',
      'person-change true',
    ]);
    expect(findings?.at(-1)?.message).toContain(
      'by a person, deploy-a1b2c3d/ci-prod-story-a1b2c3d (console)',
    );
  });

  test.each([
    [[], 0],
    [['--fail-on', 'aws-service-change'], 10],
  ])('what a service does by itself is told, and %j ends with %i', async (args, exit) => {
    const { code, findings, totals } = await auditScene(scene => {
      const by = serviceEvent('lambda.amazonaws.com', HOME.account);
      scene.change({ by, at: scene.at(3), call: updateFunctionCode(HOME, 'orders') }, byService);
    }, args);
    expect(code).toBe(exit);
    expect(totals.standings).toMatchObject({ explained: 1, 'aws-service': 1, unexplained: 0 });
    expect(findings?.map(({ kind, actor }) => [kind, actor])).toEqual([['aws-service-change', 'lambda']]);
  });

  test('a change set that nobody carries out, and a key that is used, are counted and fail nothing', async () => {
    const { code, gaps, complete, totals } = await auditScene(
      scene => {
        const by = iamUser(HOME.account);
        for (const call of [createChangeSet(HOME, 'shop'), deleteChangeSet(HOME, 'shop'), DECRYPT, DECRYPT])
          scene.skip({ by, at: scene.at(60), call }, 'it changes nothing');
      },
      ['--services', 'lambda,cloudformation,kms'],
    );
    expect([code, complete, totals.changes]).toEqual([0, true, 1]);
    expect(gaps).toEqual([
      {
        kind: 'left-out',
        subject: expect.stringContaining('logs'),
        message: 'calls that change nothing: kms:Decrypt 2',
        count: 2,
        incomplete: false,
      },
      {
        kind: 'left-out',
        subject: 'cloudformation',
        message:
          'change sets that nobody carried out: cloudformation:CreateChangeSet 1, cloudformation:DeleteChangeSet 1',
        count: 2,
        incomplete: false,
      },
    ]);
  });
});
