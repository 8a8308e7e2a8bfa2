// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf } from '../cli/run-cli.ts';
import { STEP, startOrbScene } from './orb-scene.ts';

const call = (parameters: object) => ({ 'deploy-marker/session_name': parameters });
const NAME = 'ci-prod-9b1d0c3e-sam-deploy-a1b2c3d';

describe.concurrent('session_name', () => {
  test.each([
    ['as it is', {}],
    ['under set -u and in the C locale', { nounset: true, env: { LANG: undefined, LC_ALL: 'C' } }],
  ])('exports the name to later steps and prints it, %s', async (_, options) => {
    const scene = await startOrbScene();
    const result = await scene.run(['checkout', call({ env: 'prod' }), scene.look('after')], options);
    expect(result).toMatchObject({
      status: 'success',
      ran: ['checkout', STEP.install, STEP.session, 'after'],
    });
    expect(result.step(STEP.install).stdout).toMatch(/^deploy-marker \S+ is there already: .*\n$/);
    expect(result.step(STEP.session)).toMatchObject({ stdout: `${NAME}\n`, stderr: '' });
    expect((await scene.seen('after'))?.['ROLE_SESSION_NAME']).toBe(NAME);
    expect(scene.server.requests).toEqual([]);
  });

  test('takes every part and the variable from its parameters, and variables in them from the job', async () => {
    const scene = await startOrbScene();
    const parts = {
      env: '$TARGET',
      git_sha: '${SHA:-none}',
      workflow: '<nil>',
      job: 'release it',
      prefix: 'orb',
    };
    const result = await scene.run([call({ ...parts, export: 'MY_NAME' }), scene.look('after')], {
      env: { TARGET: 'stage', SHA: 'ABCDEF0123' },
    });
    expect(result.step(STEP.session).stdout).toBe('orb-stage-9b1d0c3e-release-it-abcdef0\n');
    const after = await scene.seen('after');
    expect(after).toMatchObject({ MY_NAME: 'orb-stage-9b1d0c3e-release-it-abcdef0' });
    expect(after).not.toHaveProperty('ROLE_SESSION_NAME');
  });

  test('names a job whose name is no legal part', async () => {
    const scene = await startOrbScene();
    const env = { CIRCLE_JOB: 'deploy prod/eu (日本) é' };
    const result = await scene.run([call({ env: 'prod' }), scene.look('after')], { env });
    const name = (await scene.seen('after'))?.['ROLE_SESSION_NAME'];
    expect(name).toMatch(/^ci-prod-9b1d0c3e-deploy-prod-eu-e-[a-z2-7]{8}-a1b2c3d$/);
    expect(result.step(STEP.session).stdout).toBe(`${name}\n`);
  });

  test('with strict, stops the job where a character would change', async () => {
    const scene = await startOrbScene();
    const result = await scene.run([call({ env: 'prod', strict: true }), scene.look('after')], {
      env: { CIRCLE_JOB: 'sam deploy' },
    });
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.step(STEP.session)).toMatchObject({ code: 7, stdout: '' });
    const { code, ...rest } = result.step(STEP.session);
    expect(errorOf({ code, signal: null, ...rest })).toMatchObject({ code: 'SESSION_NAME_INVALID' });
    expect(await scene.seen('after')).not.toHaveProperty('ROLE_SESSION_NAME');
  });

  test('without its install step, says what is missing', async () => {
    const scene = await startOrbScene();
    await rm(join(scene.bin, 'deploy-marker'));
    const result = await scene.run([call({ env: 'prod', install: false })]);
    expect(result).toMatchObject({ status: 'failed', ran: [STEP.session] });
    expect(result.output).toMatch(
      /^error: deploy-marker is not on PATH\n {2}hint: .*\binstall\b.*\n {2}code: USAGE \(exit 2\)\n$/,
    );
  });
});
