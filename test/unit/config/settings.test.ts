import { describe, expect, test } from 'vitest';
import type { OptionTable } from '../../../src/config/option.ts';
import { describeSecret, describeSettings, hidePassword } from '../../../src/config/settings.ts';

const TABLE = {
  env: { type: 'string' },
  component: { type: 'list' },
  strict: { type: 'boolean' },
  prefix: { type: 'string', default: 'ci' },
  'session-name': { type: 'string', alsoFrom: 'ROLE_SESSION_NAME' },
  'external-id': { type: 'string', secret: true },
} as const satisfies OptionTable;

function settingsOf(sources: Partial<Parameters<typeof describeSettings>[1]>): Record<string, unknown> {
  const all = describeSettings(TABLE, { flags: {}, env: {}, file: {}, ...sources }, 'conf.json');
  return Object.fromEntries(
    all.map(({ name, value, source }) => [name, value === null ? null : [value, source]]),
  );
}

describe('settings', () => {
  test('are all told, also those that nothing sets', () => {
    expect(settingsOf({})).toEqual({
      env: null,
      component: null,
      strict: null,
      prefix: ['ci', 'default'],
      'session-name': null,
      'external-id': null,
    });
  });

  test('say where they come from: the flag, the variable, the file', () => {
    const told = settingsOf({
      flags: { env: 'prod' },
      env: { DEPLOY_MARKER_ENV: 'dev', ROLE_SESSION_NAME: 'ci-prod-a1b2c3d', DEPLOY_MARKER_STRICT: 'true' },
      file: { component: ['lambda:a', 'lambda:b'], prefix: 'cci' },
    });
    expect(told).toMatchObject({
      env: ['prod', '--env'],
      component: ['lambda:a, lambda:b', 'conf.json'],
      strict: ['true', 'DEPLOY_MARKER_STRICT'],
      prefix: ['cci', 'conf.json'],
      'session-name': ['ci-prod-a1b2c3d', 'ROLE_SESSION_NAME'],
    });
  });

  test('of a list in a variable stand in one line', () => {
    expect(settingsOf({ env: { DEPLOY_MARKER_COMPONENT: 'lambda:a\nlambda:b\n' } })).toMatchObject({
      component: ['lambda:a, lambda:b', 'DEPLOY_MARKER_COMPONENT'],
    });
  });

  test('never show a secret, only that it is there', () => {
    const told = settingsOf({ env: { DEPLOY_MARKER_EXTERNAL_ID: 'hunter2hunter2' } });
    expect(told['external-id']).toEqual(['(14 characters, not shown)', 'DEPLOY_MARKER_EXTERNAL_ID']);
    expect(describeSecret('abc')).toBe('(3 characters, not shown)');
  });
});

describe('a password in a URL', () => {
  test.each([
    ['http://kim:geheim@proxy.example:3128', 'http://(not shown)@proxy.example:3128'],
    ['https://kim@proxy.example', 'https://(not shown)@proxy.example'],
    ['https://h.example/a?X-Token=geheim', 'https://h.example/a?(not shown)'],
    ['http://proxy.example:3128', 'http://proxy.example:3128'],
    ['http://Proxy.example:18080', 'http://proxy.example:18080'],
    ['proxy.example:3128', 'proxy.example:3128'],
    ['localhost', 'localhost'],
  ])('%s is shown as %s', (text, shown) => {
    expect(hidePassword(text)).toBe(shown);
  });

  test.each([
    'kim:geheim@proxy.example:3128',
    '//kim:geheim@proxy:3128',
    'http:/kim:geheim@proxy:3128',
    'http//kim:geheim@proxy:3128',
    'http://kim:geheim',
    'http://kim:99999',
    'http://kim:a@b/c d@proxy.example',
    'socks5://kim:geheim@proxy',
  ])('%s may be a misspelt one, and is not shown', text => {
    expect(hidePassword(text)).not.toMatch(/geheim|c d|99999/);
    expect(hidePassword(text)).toContain('not shown');
  });
});

test('a webhook or a token in the place of its variable’s name is not shown', () => {
  const table = { 'token-env': { type: 'string', secret: 'unless a name' } } as const;
  const shownAs = (text: string): unknown =>
    describeSettings(table, { flags: { 'token-env': text }, env: {}, file: {} }, '')[0]?.value;
  expect(shownAs('MY_TOKEN')).toBe('MY_TOKEN');
  expect(shownAs('https://hooks.slack.example/services/T0/B0/KEY')).toBe('(46 characters, not shown)');
  expect(shownAs('eyJhbGciOi.eyJpc3Mi.c2ln')).toMatch(/not shown/);
});
