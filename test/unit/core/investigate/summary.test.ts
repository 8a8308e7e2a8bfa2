import { describe, expect, test } from 'vitest';
import type { ReportChange, ReportDeploy } from '../../../../src/core/findings/report.ts';
import type { InvestigatedChange } from '../../../../src/core/investigate/investigation.ts';
import { summarize } from '../../../../src/core/investigate/summary.ts';
import { sampleReport } from '../../report/sample-report.ts';

const COMPONENT = 'lambda:pay';
const NOW = Date.parse('2026-11-29T06:00:00Z');

function change(time: string, standing: ReportChange['standing']): InvestigatedChange {
  return {
    event_id: `event of ${time}`,
    time: `2026-11-29T${time}Z`,
    account: '111122223333',
    region: 'eu-west-1',
    service: 'lambda',
    action: 'UpdateFunctionConfiguration',
    component: COMPONENT,
    actor: { kind: 'iam-user', name: 'arn:aws:iam::111122223333:user/eve' },
    standing,
    deploys: standing === 'explained' ? ['d1'] : [],
    request: null,
    recorded: { state: 'not-read', differences: [], noise: 0, shared_with: [] },
  };
}

/** The lines by their topics, of these changes, newest first. */
function told(
  changes: readonly InvestigatedChange[],
  { at, kind = 'deploy' }: { readonly at?: string; readonly kind?: ReportDeploy['kind'] } = {},
): Readonly<Record<string, string>> {
  const report = sampleReport({ changes: 1 });
  const [sample] = report.deploys;
  if (sample === undefined) throw new Error('the sample has no deploy');
  const deploy = {
    ...sample,
    deploy_id: 'd1',
    git_sha: 'a1b2c3d4',
    env: 'prod',
    status: 'success',
    kind,
  } as const;
  const lines = summarize({
    ...report,
    command: 'investigate',
    component: COMPONENT,
    deploys: [deploy],
    changes,
    strays: [],
    drift: [],
    now: NOW,
    at: at === undefined ? undefined : Date.parse(`2026-11-29T${at}Z`),
    hasMarkers: true,
    sinkFlags: '',
  });
  return Object.fromEntries(lines.map(({ topic, text }) => [topic, text]));
}

describe('what to do next', () => {
  const DEPLOY = change('01:00:00', 'explained');

  test('nothing, where nothing else is to look at', () => {
    expect(told([DEPLOY], { at: '02:00:00' })['next']).toBe(
      'nothing, as far as this goes: the change is accounted for',
    );
  });

  test('a change that is accounted for does not speak for the others', () => {
    const after = [change('03:14:00', 'coincident'), change('03:12:04', 'unexplained')];
    expect(told([...after, DEPLOY], { at: '02:00:00' })['next']).toBe(
      'this change is accounted for, but 2 others are to look at: from UpdateFunctionConfiguration at 2026-11-29 03:12:04 UTC on',
    );
    expect(told([DEPLOY, change('00:30:00', 'ambiguous')], { at: '02:00:00' })['next']).toBe(
      'this change is accounted for, but one other is to look at: UpdateFunctionConfiguration at 2026-11-29 00:30:00 UTC',
    );
  });
});

test('what only fell into the time of a deploy is not said to be of it for sure', () => {
  const lines = told([{ ...change('01:00:00', 'explained'), rule: 'window' }]);
  expect(lines['deploy']).toMatch(
    /^most likely, of commit a1b2c3d \(prod, success\): .* no session ties them$/,
  );
});

test('a rollback is called one', () => {
  const explained = [change('01:00:00', 'explained')];
  expect(told(explained, { kind: 'rollback' })['deploy']).toBe(
    'yes, of commit a1b2c3d (prod, rollback, success)',
  );
  expect(told(explained, { kind: 'deploy' })['deploy']).toBe('yes, of commit a1b2c3d (prod, success)');
});
