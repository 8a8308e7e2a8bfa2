import { copyFile, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CI_ENVS } from '../cli/emit/scene.ts';
import { makeFolder } from '../cli/run-cli.ts';
import { ROOT, readOne } from '../conventions/repository.ts';
import { compileJob, type Job } from '../orb/compile-orb.ts';
import { TARBALL } from '../orb/install-scene.ts';
import { mapOr } from '../orb/orb-parts.ts';
import { type Library, readPackedOrb, toMap, type YamlMap } from '../orb/packed-orb.ts';
import { type JobResult, runJob } from '../orb/run-job.ts';
import type { RunStep } from '../orb/run-step.ts';

// The jobs of test-deploy.yml that use the orb, as CircleCI would run them, but for steps in the background.

let orb: Library;
let config: YamlMap;

beforeAll(async () => {
  orb = await readPackedOrb();
  config = toMap(
    parse((await readOne('.circleci/test-deploy.yml')).text, { merge: true }),
    'test-deploy.yml',
  );
});

/** How the workflow calls a job. */
function callOf(name: string): [job: string, given: YamlMap] {
  const { test_deploy: workflow } = mapOr(config['workflows']);
  const jobs: unknown = mapOr(workflow)['jobs'];
  for (const entry of Array.isArray(jobs) ? jobs : [])
    for (const [job, given] of Object.entries(mapOr(entry)))
      if ((mapOr(given)['name'] ?? job) === name) return [job, mapOr(given)];
  throw new Error(`no job is named ${name}`);
}

/** A working directory with what checkout and workspace put there. */
async function makeWorkspace(): Promise<string> {
  const cwd = await makeFolder();
  for (const name of ['test', 'scripts', 'node_modules']) await symlink(join(ROOT, name), join(cwd, name));
  await mkdir(join(cwd, 'under_test'));
  await copyFile(TARBALL, join(cwd, 'under_test/deploy-marker.tgz'));
  await symlink(process.execPath, join(cwd, 'under_test/node'));
  return cwd;
}

/** The step with files in a folder of its own, and, if it is for the background, in the background of a shell. */
function localStep(step: RunStep, folder: string): RunStep {
  const command = step.command.replaceAll('/tmp/aws', join(folder, 'aws'));
  if (!step.background) return { ...step, command };
  const quoted = `'${command.replaceAll("'", "'\\''")}'`;
  return { ...step, background: false, command: `${step.shell} -c ${quoted} </dev/null >/dev/null 2>&1 &` };
}

async function run(job: Job): Promise<JobResult> {
  const [cwd, folder, home] = await Promise.all([makeWorkspace(), makeFolder(), makeFolder()]);
  const env = {
    ...CI_ENVS.circleci,
    PATH: `${join(ROOT, 'test/fakes/bin')}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    LANG: 'C.UTF-8',
    FAKE_CIRCLECI_NODE: process.execPath,
  };
  try {
    return await runJob(
      job.steps.map(step => localStep(step, folder)),
      { env, cwd },
    );
  } finally {
    await endServer(join(folder, 'aws.pid'));
  }
}

/** CircleCI ends what a failed job left in the background; here we do. */
async function endServer(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => Number.NaN));
  try {
    if (pid > 0) process.kill(pid);
  } catch {
    // The job has ended it.
  }
}

describe('the orb is used for real', () => {
  test('command by command', async () => {
    const [name, given] = callOf('orb_commands_alpine');
    const { 'pre-steps': _bash, ...parameters } = given;
    const result = await run(compileJob(orb, name, parameters, { config }));
    expect(result.step('Check what AWS got'), result.output).toMatchObject({ code: 0, stderr: '' });
    expect(result.status).toBe('success');
  });

  test('as a job', async () => {
    const [name, given] = callOf('orb_job');
    const result = await run(compileJob(orb, name, given, { config }));
    expect(result.step('Check what AWS got'), result.output).toMatchObject({ code: 0, stderr: '' });
    expect(result.status).toBe('success');
  });

  test('and a marker that is missing is noticed', async () => {
    const [name, given] = callOf('orb_job');
    const steps = [{ run: { name: 'Deploy nothing', command: 'false' } }];
    const result = await run(compileJob(orb, name, { ...given, steps }, { config }));
    expect(result.status).toBe('failed');
    expect(result.step('Check what AWS got').ran).toBe(false);
  });
});
