import { describe, expect, it } from 'vitest';
import { formatCorrelationRows } from '../../../src/report/lake-rows.ts';
import { cellWidth, toVisible } from '../../../src/report/plain-text.ts';

const DEPLOY = {
  deploy_id: 'd1',
  component: 'lambda:resize-image',
  git_sha: 'a1b2c3d4e5f6',
  status: 'success',
  deployed_at: '2025-12-14 08:12:34.000',
};

const CHANGE = {
  event_id: 'e1',
  event_time: '2025-12-14 08:10:00.000',
  event_name: 'UpdateFunctionCode',
  changed: 'lambda:resize-image',
  rule: 'session',
  standing: 'explained',
  actor: 'arn:aws:sts::123456789012:assumed-role/deploy/ci-prod-a1b2c3d',
};

describe('formatCorrelationRows', () => {
  it('puts changes below their deploy', () => {
    const console = {
      ...CHANGE,
      event_id: 'e2',
      rule: 'window',
      standing: 'coincident',
      actor: 'arn:aws:iam::123456789012:user/path/bob',
    };
    expect(
      formatCorrelationRows([
        { ...DEPLOY, ...CHANGE },
        { ...DEPLOY, ...console },
        { ...DEPLOY, ...CHANGE, event_id: 'e3', standing: 'ambiguous' },
        { ...DEPLOY, deploy_id: 'd2' },
      ]),
    ).toEqual([
      '2025-12-14 08:12:34  success   a1b2c3d  lambda:resize-image',
      '  12-14 08:10:00  UpdateFunctionCode           session     ci-prod-a1b2c3d',
      '  12-14 08:10:00  UpdateFunctionCode           coincident  bob',
      '  12-14 08:10:00  UpdateFunctionCode           ambiguous   ci-prod-a1b2c3d',
      '2025-12-14 08:12:34  success   a1b2c3d  lambda:resize-image',
      '  no change',
    ]);
  });

  it('names another component that a deploy changed, and a deploy that runs by its start', () => {
    const { deployed_at: _, ...running } = {
      ...DEPLOY,
      status: 'running',
      started_at: '2025-12-14 08:00:00.000',
    };
    expect(
      formatCorrelationRows([{ ...running, ...CHANGE, changed: 'lambda:b', event_name: 'CreateAlias' }]),
    ).toEqual([
      '2025-12-14 08:00:00  running   a1b2c3d  lambda:resize-image',
      '  12-14 08:10:00  CreateAlias lambda:b         session     ci-prod-a1b2c3d',
    ]);
  });

  it('keeps both ends of a long session name', () => {
    const actor = 'arn:aws:sts::123456789012:assumed-role/deploy/ci-prod-deploy-prod-sam-deploy-a1b2c3d';
    expect(formatCorrelationRows([{ ...DEPLOY, ...CHANGE, actor }])[1]).toMatch(/ {2}ci-prod-de…oy-a1b2c3d$/);
  });

  it.each(['x', '日', '\u001b[2J', '\n', '🙂'])(
    'stays within 80 columns of what can be seen, of %j',
    letter => {
      const long = letter.repeat(200);
      const every = Object.fromEntries(Object.keys({ ...DEPLOY, ...CHANGE }).map(key => [key, long]));
      const rows = [
        { ...DEPLOY, ...CHANGE, component: `lambda:${long}`, event_name: long, actor: `a/${long}` },
        { ...every, component: `${long}b` },
      ];
      const lines = formatCorrelationRows(rows);
      expect(lines).toHaveLength(4);
      for (const line of lines) {
        expect(cellWidth(line)).toBeGreaterThan(70);
        expect(cellWidth(line)).toBeLessThanOrEqual(80);
        expect(toVisible(line)).toBe(line);
      }
    },
  );

  it('says so where nothing was found, and by whom nobody knows', () => {
    expect(formatCorrelationRows([])).toEqual(['no deploys']);
    const { actor: _, ...nobody } = CHANGE;
    expect(formatCorrelationRows([{ ...DEPLOY, ...nobody }])[1]).toContain('(no identity)');
  });
});
