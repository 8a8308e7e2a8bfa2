import { describe, expect, test } from 'vitest';
import { FLAGS } from '../../../src/commands/all-settings.ts';
import type { Option, OptionTable } from '../../../src/config/option.ts';
import { resolveOptions } from '../../../src/config/resolve.ts';

/** Two values of each list of names, as people write them; `choices` have their own. */
const SAMPLES: Readonly<Record<string, readonly [string, string]>> = {
  account: ['111122223333=arn:aws:iam::111122223333:role/audit', 'self'],
  'bridge-role': ['cdk-*', 'bootstrap'],
  'deploy-role': ['deploy-*', 'release'],
  'human-role': ['AWSReservedSSO_*', 'admin'],
  ignore: ['lambda:Invoke*', 'sqs:SetQueueAttributes'],
  'policy-arn': ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::111122223333:policy/deploy'],
  region: ['eu-west-1', 'us-east-1'],
  'service-role': ['cfn-exec-*', 'stack'],
  services: ['lambda', 'ecs'],
  'session-pattern': ['ci-*', 'deploy-?'],
  stack: ['billing', 'orders'],
};

/** Lists of what a comma may be part of: values, paths, and components, which tell themselves why they are given one by one. */
const NO_NAMES = ['changes', 'component', 'label', 'markers', 'param'];

const LISTS = Object.entries<OptionTable>(FLAGS).flatMap(([name, options]) =>
  Object.entries(options)
    .filter(([, { type }]) => type === 'list')
    .map(([flag, option]): [string, string, Option] => [name, flag, option]),
);

test('every list is one of names, or is known to be none', () => {
  const others = LISTS.filter(([, , { isNames }]) => isNames !== true).map(([, flag]) => flag);
  expect([...new Set(others)].sort()).toEqual(NO_NAMES);
});

describe.each(LISTS.filter(([, , { isNames }]) => isNames === true))('%s --%s', (_, flag, option) => {
  const [first = '', second = ''] = option.choices ?? SAMPLES[flag] ?? [];
  const read = (flags: string[], env = {}, file = {}): unknown =>
    resolveOptions({ [flag]: option }, { flags: flags.length === 0 ? {} : { [flag]: flags }, env, file })
      .values[flag];

  test('takes commas or repetition alike', () => {
    expect(first === '' || second === '').toBe(false);
    const both = [first, second];
    expect(read(both)).toEqual(both);
    for (const text of [`${first},${second}`, `${first}, ${second}`, ` ${first} ,${second} `]) {
      expect(read([text]), text).toEqual(both);
    }
    expect(read([`${first},${second}`, first])).toEqual([...both, first]);
  });

  test('from settings, too', () => {
    if (option.configurable === false) return;
    const twin = `DEPLOY_MARKER_${flag.toUpperCase().replaceAll('-', '_')}`;
    for (const text of [`${first},${second}`, `${first}\n${second}`]) {
      expect(read([], { [twin]: text })).toEqual([first, second]);
      expect(read([], {}, { [flag]: text })).toEqual([first, second]);
    }
  });

  test('refuses a comma with nothing behind it', () => {
    if (option.separator === undefined)
      expect(() => read([`${first},`])).toThrow('one of its values is empty');
  });
});

test('names that may have commas are parted only where another one begins', () => {
  const { account, 'policy-arn': policy } = Object.fromEntries(
    LISTS.map(([, flag, option]) => [flag, option]),
  );
  if (account === undefined || policy === undefined) throw new Error('there is no such flag');
  const own = '111122223333=arn:aws:iam::111122223333:role/a,b';
  const told = (flag: string, option: Option, text: string): unknown =>
    resolveOptions({ [flag]: option }, { flags: { [flag]: [text] }, env: {}, file: {} }).values[flag];
  expect(told('account', account, `${own},self,222233334444`)).toEqual([own, 'self', '222233334444']);
  const arn = 'arn:aws:iam::111122223333:policy/a,b';
  expect(told('policy-arn', policy, `${arn},${arn}`)).toEqual([arn, arn]);
});
