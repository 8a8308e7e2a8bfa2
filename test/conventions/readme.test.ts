import { describe, expect, test } from 'vitest';
import { readOne } from './repository.ts';

const { text } = await readOne('README.md');
const LINES = text.trimEnd().split('\n');

/** What people ask, in the order in which they ask it. */
const SECTIONS = [
  'Try it',
  'Who changed my function',
  'Add it to CircleCI',
  'Any other CI',
  'Set up an account',
  'A weekly audit without false alarms',
  'When it fails',
  'Permissions',
  'Exit codes',
  'Library',
  'Links',
];

describe('README', () => {
  test('is read in one go', () => {
    expect(LINES.length).toBeLessThanOrEqual(300);
    const prose = LINES.filter(line => !/^(?:\||[ -]* - |creds=|npx )/.test(line));
    expect(prose.filter(line => line.length > 150)).toEqual([]);
  });

  test('answers in the order in which people ask', () => {
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(SECTIONS);
  });

  test('shows what one gets, and how to try it, on the first screen', () => {
    const screen = LINES.slice(0, 40).join('\n');
    expect(screen).toMatch(/^- "arn": .*\n\+ "arn": /m);
    expect(screen).toContain('$ deploy-marker trace resize-image');
    expect(screen).toContain('npm ci && npm run demo\nnpm ci && npm test');
  });

  test('names the version that is released', async () => {
    const { version } = JSON.parse((await readOne('package.json')).text);
    const named = [...text.matchAll(/deploy-marker@([\d.]+\d)/g)].map(([, each]) => each);
    expect(new Set(named)).toEqual(new Set([version]));
  });
});
