import { describe, expect, test } from 'vitest';
import { noted, passed } from '../../../src/core/doctor-check.ts';
import { renderDoctor } from '../../../src/report/doctor-text.ts';

const CHANNEL = 'arn:aws:cloudtrail:ap-northeast-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef';

const TEXT = renderDoctor({
  settings: [
    { name: 'env', value: 'prod', source: 'DEPLOY_MARKER_ENV' },
    { name: 'channel-arn', value: CHANNEL, source: 'deploy-marker.json' },
    { name: 'url', value: 'evil\u001b[31m', source: '--url' },
    { name: 'prefix', value: 'ci', source: 'default' },
    { name: 'services', value: 'lambda,cloudformation', source: 'default' },
    ...Array.from({ length: 20 }, (_, i) => ({ name: `unset-${i}`, value: null, source: 'not set' })),
  ],
  checks: [
    passed('node', 'Node.js 20.20.2'),
    passed('token', 'from CIRCLE_OIDC_TOKEN_V2, expires in 3000 s', [
      'iss https://oidc.example',
      '  aud org',
    ]),
    noted('channel-status', 'warn', `${'many words '.repeat(12)}end`, 'mend it'),
  ],
});

describe('the answer of doctor', () => {
  test('tells settings with their source, in one line where there is room', () => {
    expect(TEXT).toContain('\n  env          prod  (DEPLOY_MARKER_ENV)\n');
    expect(TEXT).toContain(`\n  channel-arn  ${CHANNEL}\n               (deploy-marker.json)\n`);
  });

  test('tells defaults in one line', () => {
    expect(TEXT).toContain('\n  default: prefix ci, services lambda,cloudformation\n');
  });

  test('tells last what failed, and before it what is to be looked at', () => {
    const checks = [
      { name: 'token', status: 'fail', summary: 'none' } as const,
      noted('sink', 'warn', 'odd', 'y'),
      noted('ci', 'skipped', 'no job', 'z'),
      passed('node', 'fine'),
    ];
    const names = /^ {2}(?:ok|skipped|warn|fail) +(\w+)/gm;
    const text = renderDoctor({ settings: [], checks });
    expect([...text.matchAll(names)].map(([, name]) => name)).toEqual(['ci', 'node', 'sink', 'token']);
  });

  test('tells what is not set', () => {
    expect(TEXT).toMatch(/\n {2}not set: unset-0, unset-1,/);
    expect(TEXT).toContain('unset-19');
  });

  test('tells checks, their details under them, and what to do next', () => {
    expect(TEXT).toContain('\n  ok       node            Node.js 20.20.2\n');
    expect(TEXT).toContain('\n           iss https://oidc.example\n             aud org\n');
    expect(TEXT).toContain('\n                           next: mend it\n');
    expect(TEXT).toContain('\n3 checks: 2 ok, 1 to look at, 0 failed, 0 skipped\n');
  });

  test('has lines of 80 cells at most, but for what is to be copied', () => {
    const long = TEXT.split('\n').filter(line => line.length > 80);
    expect(long).toEqual([`  channel-arn  ${CHANNEL}`]);
  });

  test('breaks what is longer than a line at one place, so that two can be compared', () => {
    const [one, other] = ['x', 'y'].map(letter => `${'0123456789'.repeat(12)}${letter}`);
    const checks = [passed('trust-policy', 'no', [`  wants ${one}`, `  has   ${other}`])];
    const text = renderDoctor({ settings: [{ name: 'a', value: 'b', source: 'c' }], checks });
    const [wants = '', has = ''] = text
      .split(/(?=^ +has )/m)
      .map(part => part.replace(/^.*(?:wants|has)/s, ''));
    expect(has.split('\n').slice(0, 3).join().replace('y', 'x').trim()).toBe(
      wants.split('\n').slice(0, 3).join().trim(),
    );
    expect(wants.replaceAll(/\s/g, '')).toBe(one);
  });

  test('tells under --quiet only what is to be looked at', () => {
    const settings = [{ name: 'env', value: 'prod', source: '--env' }];
    const checks = [
      passed('node', 'fine'),
      noted('ci', 'skipped', 'no job', 'x'),
      noted('sink', 'warn', 'odd', 'y'),
    ];
    const text = renderDoctor({ settings, checks, quiet: true });
    expect(text).toBe(
      '  warn     sink            odd\n                           next: y\n\n3 checks: 1 ok, 1 to look at, 0 failed, 1 skipped\n',
    );
    expect(renderDoctor({ settings, checks: checks.slice(0, 1), quiet: true })).toMatch(/^1 check: 1 ok/);
  });

  test('steers no terminal', () => {
    expect(TEXT).not.toContain('\u001b');
    expect(TEXT).toContain('evil\\u001b[31m');
  });
});
