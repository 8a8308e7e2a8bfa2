import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readOne } from '../conventions/repository.ts';
import { type GithubOidc, startGithubOidc } from '../fakes/github-oidc.ts';
import { mintToken } from '../fakes/oidc-token.ts';
import { folderWithMarkers, folderWithTrail, type ShellJob, startShellJob } from './shell-job.ts';

// What the documents print is what people type: every command in them runs here, in a shell, in a job of the CI that it is for.

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

/** Expected text in which `…` stands for anything on its line. */
function matching(text: string): RegExp {
  const escaped = text.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^\\n]*')}$`);
}

async function expectToRun(lines: string, variables?: Readonly<Record<string, string>>): Promise<string> {
  const { code, output } = await job.run(lines, await makeCheckout(), variables);
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
    const variables = {
      ...{ JENKINS_URL: 'https://ci.acme.example/', GIT_COMMIT: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678' },
      ...{
        JOB_NAME: 'app/main',
        BUILD_URL: 'https://ci.acme.example/job/app/12/',
        BUILD_TAG: 'jenkins-app-12',
      },
      ...{ ID_TOKEN: mintToken(), ROLE_SESSION_NAME: '', AWS_SESSION_TOKEN: '', AWS_ACCESS_KEY_ID: '' },
    };
    const output = await expectToRun(block, variables);
    expect(output).toContain(
      'assumed arn:aws:sts::123456789012:assumed-role/deploy/ci-prod-app-main-a1b2c3d ',
    );
    expect(lastMarker()).toMatchObject({ actor: 'jenkins', job: 'app/main', url: variables.BUILD_URL });
  });
});

/** The marker that the log group took last. */
function lastMarker(): Record<string, string> {
  const streams = [...(job.server.state.logGroups.get('/deploys')?.streams.values() ?? [])].flat();
  const last = streams.toSorted((a, b) => a.ingestionTime - b.ingestionTime).at(-1);
  return JSON.parse(last?.message ?? '{}').requestParameters;
}

describe('a pipeline that README shows', () => {
  const pipelines = blocksOf(README, 'yaml').map(block => parse(block));

  test('of GitHub Actions', async () => {
    const { permissions, jobs } = pipelines.find(pipeline => 'permissions' in pipeline);
    expect(permissions).toEqual({ 'id-token': 'write', contents: 'read' });
    const folder = await makeCheckout();
    const file = join(folder, 'github-env');
    await writeFile(file, '');
    const variables = {
      ...{
        ...github.env(),
        GITHUB_ACTIONS: 'true',
        GITHUB_ENV: file,
        GITHUB_SHA: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
      },
      ...{
        GITHUB_REPOSITORY: 'acme/app',
        GITHUB_RUN_ID: '42',
        GITHUB_JOB: 'deploy',
        GITHUB_TRIGGERING_ACTOR: 'ada',
      },
      ...{ AWS_SESSION_TOKEN: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', ROLE_SESSION_NAME: '' },
    };
    const runs: { readonly run?: string }[] = jobs.deploy.steps;
    for (const { run } of runs) {
      if (run === undefined) continue;
      const left = Object.fromEntries(
        (await readFile(file, 'utf8'))
          .split('\n')
          .filter(Boolean)
          .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      );
      const { code, output } = await job.run(run, folder, { ...variables, ...left });
      expect(code, output).toBe(0);
      if (run.includes(' emit '))
        expect(lastMarker()).toMatchObject({
          status: run.includes('failed') ? 'failed' : 'success',
          ...{ triggered_by: 'ada', role_arn: 'arn:aws:iam::123456789012:role/deploy' },
        });
    }
  });

  test('of GitLab', async () => {
    const { deploy } = pipelines.find(pipeline => pipeline.deploy?.id_tokens !== undefined);
    expect(Object.keys(deploy.id_tokens)).toEqual(['DEPLOY_MARKER_ID_TOKEN']);
    await expectToRun(deploy.script.join('\n'), {
      ...{
        GITLAB_CI: 'true',
        CI_COMMIT_SHA: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
        CI_JOB_NAME: 'deploy',
      },
      ...{ CI_JOB_ID: '7', CI_PIPELINE_ID: '6', CI_PROJECT_PATH: 'acme/app', GITLAB_USER_LOGIN: 'ada' },
      ...{
        DEPLOY_MARKER_ID_TOKEN: mintToken(),
        AWS_SESSION_TOKEN: '',
        AWS_ACCESS_KEY_ID: '',
        ROLE_SESSION_NAME: '',
      },
    });
    expect(lastMarker()).toMatchObject({
      actor: 'gitlab',
      triggered_by: 'ada',
      role_session_name: 'ci-prod-6-deploy-a1b2c3d',
    });
  });
});
