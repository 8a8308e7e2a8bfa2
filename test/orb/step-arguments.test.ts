// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../src/orb/step-arguments.ts';
import { substituteVariables } from '../fakes/env-subst.mjs';

const VARIABLES = { A: 'a', TWO: 'lambda:b\nlambda:c', EMPTY: '', NIL: '<nil>' };
const read = (command: string, env: Record<string, string>) =>
  readArguments(command, env, async text => substituteVariables(text, VARIABLES));

describe('the arguments of a step', () => {
  test('are its variables, by name, lists line by line', async () => {
    const env = {
      MARKER_ORB_STR_REASON: '$A\n',
      MARKER_ORB_STR_JOB: '',
      MARKER_ORB_LIST_COMPONENT: 'lambda:$A\n\n$TWO\n',
      MARKER_ORB_BOOL_KEEP_GOING: '1',
      MARKER_ORB_BOOL_DRY_RUN: '0',
      MARKER_ORB_PHASE: 'x',
    };
    expect(await read('emit', env)).toEqual([
      '--reason=a',
      '--component=lambda:a',
      '--component=lambda:b',
      '--component=lambda:c',
      '--keep-going',
    ]);
  });

  test.each(['policy', 'policy_arn', 'token_file', 'token_env', 'audience'])(
    '%s stays where it has become empty: it would widen the session in silence',
    async name => {
      const sort = name === 'policy_arn' ? 'LIST' : 'STR';
      for (const text of ['$EMPTY', '$NONE', '${NONE:-}', '$NIL', '<nil>']) {
        const words = await read('assume-role', { [`MARKER_ORB_${sort}_${name.toUpperCase()}`]: text });
        expect(words).toEqual([`--${name.replaceAll('_', '-')}=`]);
      }
      expect(await read('assume-role', { [`MARKER_ORB_${sort}_${name.toUpperCase()}`]: '' })).toEqual([]);
    },
  );

  test('of emit keep a role of the sink, and one line of several, that have become empty', async () => {
    const env = { MARKER_ORB_STR_SINK_ROLE_ARN: '$NONE', MARKER_ORB_LIST_COMPONENT: 'lambda:a\n$NONE' };
    expect(await read('emit', env)).toEqual(['--sink-role-arn=', '--component=lambda:a', '--component=']);
  });

  test('leave out what may be empty', async () => {
    expect(await read('emit', { MARKER_ORB_STR_REASON: '$NONE', MARKER_ORB_STR_JOB: '<nil>' })).toEqual([]);
  });

  test('do not hold a webhook, only the name of its variable', async () => {
    expect(await read('audit', { MARKER_ORB_STR_NOTIFY_SLACK_ENV: '$A' })).toEqual(['--notify-slack-env=$A']);
  });
});
