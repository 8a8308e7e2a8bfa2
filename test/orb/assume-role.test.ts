import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CREDENTIAL_VARIABLES } from '../../src/commands/assume-role/variables.ts';
import { mintToken } from '../fakes/oidc-token.ts';
import { type OrbScene, STEP, startOrbScene } from './orb-scene.ts';

const NAME = 'ci-prod-9b1d0c3e-sam-deploy-a1b2c3d';
const call = (scene: OrbScene, more: object = {}) => ({
  'deploy-marker/assume_role': { role_arn: scene.server.state.defaultRoleArn, ...more },
});
const form = (scene: OrbScene) =>
  Object.fromEntries(new URLSearchParams(scene.server.requests.at(-1)?.bodyText));
const fails = { run: { name: 'fails', command: 'false' } };

describe.concurrent('assume_role', () => {
  test.each([
    ['as it is', {}],
    ['under set -u and in the C locale', { nounset: true, env: { LANG: undefined, LC_ALL: 'C' } }],
  ])('gives later steps the role under the composed name, and one line, %s', async (_, options) => {
    const scene = await startOrbScene();
    const result = await scene.run([call(scene, { env: 'prod' }), scene.look('after')], options);
    expect(result).toMatchObject({ status: 'success', ran: [STEP.install, STEP.assume, 'after'] });
    const { accountId } = scene.server.state;
    expect(result.step(STEP.assume).stdout).toMatch(
      new RegExp(
        `^assumed arn:aws:sts::${accountId}:assumed-role/deploy/${NAME} until \\S+; credentials in \\$BASH_ENV\\n$`,
      ),
    );
    const key = [...scene.server.state.keys.values()].at(-1);
    expect(await scene.seen('after')).toMatchObject({
      AWS_ACCESS_KEY_ID: key?.id,
      AWS_SECRET_ACCESS_KEY: key?.secret,
      AWS_SESSION_TOKEN: key?.sessionToken,
      ROLE_SESSION_NAME: NAME,
      DEPLOY_MARKER_ROLE_ARN: scene.server.state.defaultRoleArn,
    });
    expect(form(scene)).toMatchObject({ DurationSeconds: '3600', WebIdentityToken: scene.token });
  });

  test('takes the name of session_name, a policy, policy ARNs, duration and Region', async () => {
    const scene = await startOrbScene();
    await writeFile(join(scene.cwd, 'policy.json'), '{"Version":"2012-10-17","Statement":[]}');
    const arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::aws:policy/AWSLambda_FullAccess'];
    const result = await scene.run(
      [
        { 'deploy-marker/session_name': { env: 'stage' } },
        call(scene, {
          session_name: '$ROLE_SESSION_NAME',
          policy: './policy.json',
          policy_arn: `${arns[0]}\n\n$MORE\n`,
          duration: '900',
          region: 'ap-northeast-1',
          install: false,
        }),
        scene.look('after'),
      ],
      { env: { MORE: arns[1] } },
    );
    expect(result.ran).toEqual([STEP.install, STEP.session, STEP.assume, 'after']);
    expect(form(scene)).toMatchObject({
      RoleSessionName: 'ci-stage-9b1d0c3e-sam-deploy-a1b2c3d',
      'PolicyArns.member.1.arn': arns[0],
      'PolicyArns.member.2.arn': arns[1],
      Policy: expect.stringContaining('2012-10-17'),
      DurationSeconds: '900',
    });
    expect(await scene.seen('after')).toMatchObject({ AWS_REGION: 'ap-northeast-1' });
  });

  test('takes the credentials back, also after a failure', async () => {
    const scene = await startOrbScene();
    const clear = { 'deploy-marker/assume_role': { clear: true, when: 'always' } };
    const result = await scene.run([
      call(scene, { env: 'prod' }),
      scene.look('during'),
      fails,
      clear,
      scene.look('after'),
    ]);
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.ran.slice(-4)).toEqual(['fails', STEP.install, STEP.clear, 'after']);
    expect(result.step(STEP.clear)).toMatchObject({ code: 0, stdout: 'cleared $BASH_ENV\n' });
    expect(await scene.seen('during')).toHaveProperty('AWS_SECRET_ACCESS_KEY');
    const after = Object.keys((await scene.seen('after')) ?? {});
    expect(
      after.filter(name => /^(AWS_(ACCESS|SECRET|SESSION|CRED)|ROLE_|DEPLOY_MARKER_)/.test(name)),
    ).toEqual([]);
    expect(after).toContain('AWS_REGION');
  });

  test('knows without the tool all that the tool would take back, but the Region, which may be the job’s own', async () => {
    const text = await readFile(new URL('../../orb/src/scripts/clear.sh', import.meta.url), 'utf8');
    const names = CREDENTIAL_VARIABLES.filter(name => !name.endsWith('REGION'));
    expect(names.filter(name => !text.includes(name))).toEqual([]);
  });

  test('stops the job when the role is refused, and says in three lines why', async () => {
    const scene = await startOrbScene();
    const token = mintToken({ sub: 'org/somebody/else' });
    const result = await scene.run(
      [call(scene, { env: 'prod' }), { run: { name: 'next', command: 'true' } }, scene.look('after')],
      {
        env: { CIRCLE_OIDC_TOKEN_V2: token },
      },
    );
    expect(result).toMatchObject({ status: 'failed', ran: [STEP.install, STEP.assume, 'after'] });
    expect(result.step(STEP.assume)).toMatchObject({ code: 3, stdout: '' });
    expect(result.step(STEP.assume).stderr).toMatch(
      /\nerror: .*\n {2}hint: .*\n {2}code: ASSUME_ROLE_DENIED .*\n$/,
    );
    for (const part of token.split('.').slice(1)) expect(result.output).not.toContain(part);
    expect(await scene.seen('after')).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  });
});
