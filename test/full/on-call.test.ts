import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Marker } from '../../src/core/marker/marker.ts';
import { withAwsServer } from '../cli/emit/scene.ts';
import { makeFolder, type RunResult, runCli } from '../cli/run-cli.ts';
import { deployFunction, fillHistories, fixByHand, happen, type Story } from '../cli/trail/trail-scene.ts';
import type { AwsServer } from '../fakes/aws-server.ts';

// Three in the morning: a laptop with a profile, the file of markers of a checkout, and a name.

const SHA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const RUN = `https://app.circleci.com/pipelines/gh/acme/app/42/workflows/${crypto.randomUUID()}`;
const TOLD = {
  reason: 'OPS-123',
  approved_by: 'bob',
  triggered_by: 'ada',
  repository: 'acme/app',
  ref: 'main',
};

function tell(): Story & { readonly session: string; readonly fix: string } {
  const ids = { session: '', fix: '' };
  const { markers, records } = happen(scene => {
    ids.session = deployFunction(scene, 'orders').session;
    ids.fix = fixByHand(scene, 'orders', 60);
  });
  const told = markers.map((marker): Marker => ({ ...marker, ...TOLD, git_sha: SHA, url: RUN }));
  return { markers: told, records, ...ids };
}

const STORY = tell();
const DEPLOYED = STORY.records.filter(({ userIdentity }) =>
  JSON.stringify(userIdentity).includes(STORY.session),
);
const PERSON = 'user/bob';

/** A folder as of a checkout, with a home in which one profile has Region and keys. */
async function laptop(server: AwsServer): Promise<{ cwd: string; env: Record<string, string | undefined> }> {
  const cwd = await makeFolder();
  const {
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN,
    AWS_REGION,
    AWS_DEFAULT_REGION,
    ...env
  } = server.env();
  await mkdir(join(cwd, '.aws'));
  const token = AWS_SESSION_TOKEN === undefined ? '' : `aws_session_token = ${AWS_SESSION_TOKEN}\n`;
  await writeFile(
    join(cwd, '.aws/credentials'),
    `[prod]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n${token}`,
  );
  await writeFile(join(cwd, '.aws/config'), `[profile prod]\nregion = ${AWS_REGION}\n`);
  await writeFile(
    join(cwd, 'deploy-markers.jsonl'),
    STORY.markers.map(marker => `${JSON.stringify(marker)}\n`).join(''),
  );
  const files = { AWS_CONFIG_FILE: undefined, AWS_SHARED_CREDENTIALS_FILE: undefined };
  return { cwd, env: { ...env, ...files, HOME: cwd, AWS_PROFILE: 'prod' } };
}

/** Asks once each for text, JSON and the page. */
async function askThree(args: readonly string[]): Promise<{ text: RunResult; json: string; page: string }> {
  const found: { text: RunResult; json: string; page: string }[] = [];
  await withAwsServer(async server => {
    fillHistories(server, STORY);
    const options = await laptop(server);
    const text = await runCli([...args, '--html', 'page.html'], options);
    const { stdout: json } = await runCli([...args, '--json'], options);
    found.push({ text, json, page: await readFile(join(options.cwd, 'page.html'), 'utf8') });
  });
  const [answer] = found;
  if (answer === undefined) throw new Error('nothing was asked');
  return answer;
}

describe.each<readonly [string, readonly string[], number]>([
  ['trace', ['trace', 'orders'], 0],
  ['investigate', ['investigate', 'orders'], 0],
  ['audit', ['audit'], 10],
])('one command, %s, tells', (command, args, code) => {
  test('who, from where, and where to look further', async () => {
    const { text, json, page } = await askThree(args);
    expect(text.code).toBe(code);
    const everywhere = [STORY.fix, PERSON];
    for (const part of everywhere) {
      expect(text.stdout).toContain(part);
      expect(page).toContain(part);
    }
    expect(json).toContain(`"event_id":"${STORY.fix}"`);
    const deploy = [RUN, `https://github.com/acme/app/commit/${SHA}`, ...Object.values(TOLD)];
    for (const part of deploy) {
      expect(json).toContain(part);
      expect(page).toContain(part);
    }
    // An audit lists only what is to be looked at.
    if (command === 'audit') return;
    for (const part of [
      'by ada (circleci), acme/app main',
      `commit https://github.com/acme/app/commit/${SHA.slice(0, 12)}`,
      `run ${RUN}`,
      'reason OPS-123, approved by bob',
      STORY.session,
      ...DEPLOYED.map(({ eventID }) => eventID),
    ]) {
      expect(text.stdout).toContain(part);
    }
    for (const line of text.stdout.split('\n')) {
      if (!line.includes(RUN)) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });
});

describe.concurrent('colours and signs', () => {
  const ask = async (args: readonly string[], env: Record<string, string> = {}): Promise<string> => {
    const answers: string[] = [];
    await withAwsServer(async server => {
      fillHistories(server, STORY);
      const options = await laptop(server);
      const { stdout } = await runCli(args, { ...options, env: { ...options.env, ...env } });
      answers.push(stdout);
    });
    return answers.join('');
  };
  const CODES = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`);

  test.each(['trace orders', 'investigate orders', 'audit'])('of %s', async line => {
    const wanted = line.split(' ');
    const plain = await ask(wanted);
    expect(plain).not.toMatch(CODES);
    expect(plain).toMatch(/[✓✗]/);
    for (const [more, env, isColored] of [
      [['--color', 'always'], { NO_COLOR: '1' }, true],
      [[], { FORCE_COLOR: '1' }, true],
      [[], { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
      [['--color', 'never'], { FORCE_COLOR: '1' }, false],
    ] as const) {
      const told = await ask([...wanted, ...more], env);
      expect(CODES.test(told), JSON.stringify([more, env])).toBe(isColored);
    }
  });
});

describe.concurrent('times are told in the same way', () => {
  const STORE = 'a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3';

  test.each([
    ['audit', ['audit', '--markers', 'markers.jsonl', '--changes', 'none.json']],
    ['query', ['query', '--marker-store', STORE, '--change-store', STORE]],
  ])('by %s', async (_, args) => {
    const { stderr } = await runCli([...args, '--since', 'yesterday'], { env: { TZ: 'Asia/Tokyo' } });
    expect(stderr).toMatch(/^note: the time that is asked for is .* \+09:00, which is .* UTC$/m);
  });
});
