import { describe, expect, test } from 'vitest';
import { describeFileSettings } from '../../../src/config/file-notice.ts';
import type { OptionTable } from '../../../src/config/option.ts';
import type { RawValue } from '../../../src/config/resolve.ts';

const TABLE = {
  services: { type: 'string', default: 'lambda' },
  'fail-on': { type: 'list' },
  'notify-slack-env': { type: 'string', secret: 'unless a name' },
} as const satisfies OptionTable;

const told = (
  file: Readonly<Record<string, RawValue>>,
  more: { flags?: Readonly<Record<string, RawValue>>; env?: Readonly<Record<string, string>> } = {},
): string | undefined => describeFileSettings(TABLE, { flags: {}, env: {}, ...more, file });

describe('what a settings file decides', () => {
  test('is told in one line, with the file', () => {
    const settings = { services: 'iam', 'fail-on': ['none'] };
    const decides = 'decides what this run looks at and what counts: --services "iam", --fail-on "none"';
    expect(told(settings)).toBe(`"deploy-marker.json" ${decides}`);
    expect(told(settings, { flags: { config: 'x.json' } })).toBe(`"x.json" ${decides}`);
  });

  test('is nothing where a flag or a variable decides, and where it sets nothing of the command', () => {
    expect(told({ services: 'iam' }, { flags: { services: 'lambda' } })).toBeUndefined();
    expect(told({ services: 'iam' }, { env: { DEPLOY_MARKER_SERVICES: 'lambda' } })).toBeUndefined();
    expect(told({ services: '', prefix: 'x' })).toBeUndefined();
    expect(told({})).toBeUndefined();
  });

  test('holds no secret and no character that steers a terminal', () => {
    expect(told({ 'notify-slack-env': 'https://hooks.example/T0/secret' })).not.toContain('secret');
    expect(told({ services: 'iam\u001b[2Jx' })).toContain('\\u001b');
  });
});
