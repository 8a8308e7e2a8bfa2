import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readOne } from '../conventions/repository.ts';
import { type GithubOidc, startGithubOidc } from '../fakes/github-oidc.ts';
import { mintToken } from '../fakes/oidc-token.ts';
import { folderWithMarkers, folderWithTrail, type ShellJob, startShellJob } from './shell-job.ts';

// What the documents print is what people type: every command in them runs here, in a shell, in a job of the CI that it is for.

const SHA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const README = (await readOne('README.md')).text;
const REFERENCE = (await readOne('src/commands/README.md')).text;
const DOCUMENTS = [
  README,
  REFERENCE,
  (await readOne('src/templates/README.md')).text,
  (await readOne('orb/README.md')).text,
];

/** What is run elsewhere: the demo, and the tests themselves. */
const ELSEWHERE = ['npm ci && npm run demo\nnpm ci && npm test'];

const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) =>
    block.trim(),
  );

let job: ShellJob;
let github: GithubOidc;

beforeAll(async () => {
  [job, github] = await Promise.all([startShellJob(), startGithubOidc()]);
});

afterAll(async () => {
  expect(job.server.violations).toEqual([]);
  await Promise.all([job.close(), github.close()]);
});

/** A checkout with all that the documents name. */
async function makeCheckout(): Promise<string> {
  const folder = await folderWithMarkers();
  const [, allowed = ''] = /`allow\.json`[^\n]*\n\n```json\n([\s\S]*?)```/.exec(REFERENCE) ?? [];
  await writeFile(join(folder, 'allow.json'), allowed);
  await writeFile(join(folder, 'deploy.sh'), '#!/bin/sh\n[ -n "$AWS_SESSION_TOKEN" ]\n', { mode: 0o755 });
  return folder;
}

/** The same with the settings that README has a pipeline keep. */
async function makeProject(): Promise<string> {
  const folder = await makeCheckout();
  await writeFile(join(folder, 'deploy-marker.json'), blocksOf(README, 'json').join(''));
  return folder;
}

/** Variables of a job that has not assumed its role yet, beside those of its CI. */
const BEFORE_ROLE = Object.fromEntries(
  [
    ...[
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ],
    ...['ROLE_SESSION_NAME', 'DEPLOY_MARKER_ROLE_ARN'],
  ].map(name => [name, '']),
);

/** Expected text in which `…` stands for anything on its line. */
function matching(text: string): RegExp {
  const escaped = text.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^\\n]*')}$`);
}

/** @param ci variables of another CI than CircleCI, and then in a project with settings */
async function expectToRun(lines: string, ci?: Readonly<Record<string, string>>): Promise<string> {
  const { code, output } = await (ci === undefined
    ? job.run(lines, await makeCheckout())
    : job.run(lines, await makeProject(), { ...BEFORE_ROLE, ...ci }));
  expect(code, `${lines}\n${output}`).toBe(0);
  return output;
}

describe('a session that a document shows', () => {
  const sessions = DOCUMENTS.flatMap(text => blocksOf(text, 'console')).filter(block =>
    block.startsWith('$ npx '),
  );

  test('prints what stands there', async () => {
    expect(sessions.length).toBeGreaterThan(3);
    // One after the other in one folder, for later ones read what earlier ones wrote.
    const folder = await folderWithTrail();
    for (const block of sessions) {
      const [first = '', ...rest] = block.split('\n');
      const { output } = await job.run(first.replace(/^\$ /, ''), folder);
      expect(output.trimEnd()).toMatch(matching(rest.join('\n')));
    }
  });
});

describe('what a document has people run', () => {
  const blocks = DOCUMENTS.flatMap(text => blocksOf(text, 'sh')).filter(block => !ELSEWHERE.includes(block));
  const inJenkins = blocks.filter(block => block.includes('$BUILD_TAG'));

  test.each(blocks.filter(block => !inJenkins.includes(block)))('%s', async block => {
    await expectToRun(block);
  });

  test('also in the middle of a text', async () => {
    const spans = [...README.matchAll(/`npx (deploy-marker [^`…]+)`/g)].map(([, command = '']) => command);
    expect(spans.length).toBeGreaterThan(5);
    for (const command of spans) await expectToRun(command.replace('EVENT_ID', crypto.randomUUID()));
  });

  test.each(inJenkins)('in Jenkins: %s', async block => {
    const ci = {
      ...{ JENKINS_URL: 'https://ci.acme.example/', GIT_COMMIT: SHA, ID_TOKEN: mintToken() },
      ...{ JOB_NAME: 'app/main', BUILD_URL: 'https://ci.acme.example/job/app/12/', BUILD_TAG: 'app-12' },
    };
    // Jenkins itself begins so, and prints each line before it runs it: https://www.jenkins.io/doc/pipeline/steps/workflow-durable-task-step/
    const output = await expectToRun(`set -xe\n${block}`, ci);
    const secrets = [...job.server.state.keys.values()].flatMap(({ secret, sessionToken = secret }) => [
      secret,
      sessionToken,
    ]);
    expect(secrets.filter(secret => output.includes(secret))).toEqual([]);
    expect(lastMarker()).toMatchObject({
      ...{ actor: 'jenkins', job: ci.JOB_NAME, url: ci.BUILD_URL, git_sha: SHA },
      ...{ role_arn: ROLE, role_session_name: 'ci-prod-a1b2c3d' },
    });
  });
});

/** The marker that the log group took last. */
function lastMarker(): Record<string, string> {
  const streams = [...(job.server.state.logGroups.get('/deploys')?.streams.values() ?? [])].flat();
  const last = streams.toSorted((a, b) => a.ingestionTime - b.ingestionTime).at(-1);
  return JSON.parse(last?.message ?? '{}').requestParameters;
}

describe('a pipeline that a document shows', () => {
  const pipelines = blocksOf(README, 'yaml').map(block => parse(block));

  test('of GitHub Actions', async () => {
    const { permissions, jobs } = pipelines.find(
      ({ jobs: named }) => named?.deploy?.['runs-on'] !== undefined,
    );
    expect(permissions).toEqual({ 'id-token': 'write', contents: 'read' });
    const told: string[] = [];
    await runOnGithub(jobs.deploy.steps, await makeProject(), run => {
      if (run.includes(' emit')) told.push(lastMarker()['status'] ?? '');
    });
    expect(told).toEqual(['success', 'failed']);
    expect(lastMarker()).toMatchObject({
      triggered_by: 'ada',
      role_session_name: 'ci-prod-42-deploy-a1b2c3d',
    });
  });

  test('of GitHub Actions that audits each week', async () => {
    const [workflow = ''] = blocksOf(REFERENCE, 'yaml');
    const { on, permissions, jobs } = parse(workflow);
    // Minute, hour, any day of any month, one day of the week.
    expect(on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* [0-6]$/) }]);
    expect(permissions).toEqual({ 'id-token': 'write', contents: 'read' });
    const folder = await makeCheckout();
    await runOnGithub(jobs.audit.steps, folder);
    // Seven whole days, and it is stored whatever the audit found.
    const last = jobs.audit.steps.at(-1);
    expect(last).toMatchObject({ uses: expect.stringContaining('upload-artifact'), if: 'always()' });
    const page = await readFile(join(folder, last.with.path), 'utf8');
    const [, from = '', until = ''] =
      /(\d{4}-\d\d-\d\d) 00:00:00 to (\d{4}-\d\d-\d\d) 00:00:00/.exec(page) ?? [];
    expect(Date.parse(until) - Date.parse(from)).toBe(7 * 86_400_000);
    expect(page).toContain('Audit passed');
  });

  test('of GitLab', async () => {
    const { deploy } = pipelines.find(pipeline => pipeline.deploy?.id_tokens !== undefined);
    expect(Object.keys(deploy.id_tokens)).toEqual(['DEPLOY_MARKER_ID_TOKEN']);
    await expectToRun(deploy.script.join('\n'), {
      ...{
        GITLAB_CI: 'true',
        CI_COMMIT_SHA: SHA,
        CI_JOB_NAME: 'deploy',
        CI_JOB_ID: '7',
        CI_PIPELINE_ID: '6',
      },
      ...{ CI_PROJECT_PATH: 'acme/app', GITLAB_USER_LOGIN: 'ada', DEPLOY_MARKER_ID_TOKEN: mintToken() },
    });
    expect(lastMarker()).toMatchObject({
      triggered_by: 'ada',
      role_session_name: 'ci-prod-6-deploy-a1b2c3d',
    });
  });
});

/** Runs the commands of a job of GitHub Actions, one after the other, as if none failed. */
async function runOnGithub(
  steps: readonly { readonly run?: string }[],
  folder: string,
  after: (run: string) => void = () => undefined,
): Promise<void> {
  const file = join(folder, 'github-env');
  await writeFile(file, '');
  const ci = {
    ...{ ...github.env(), GITHUB_ACTIONS: 'true', GITHUB_ENV: file, GITHUB_SHA: SHA, GITHUB_JOB: 'deploy' },
    ...{ GITHUB_REPOSITORY: 'acme/app', GITHUB_RUN_ID: '42', GITHUB_TRIGGERING_ACTOR: 'ada', TZ: 'UTC' },
  };
  for (const { run } of steps) {
    if (run === undefined) continue;
    const { code, output } = await job.run(run, folder, { ...BEFORE_ROLE, ...ci, ...(await leftIn(file)) });
    expect(code, output).toBe(0);
    after(run);
  }
}

/** The variables that steps left for later ones in `$GITHUB_ENV`. */
async function leftIn(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(line => line.includes('='));
  return Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
