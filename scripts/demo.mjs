// The main job on a laptop: no account, no network. Prints every command before it runs it, and ends with what one gets out of it: who
// changed a function.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toTrail } from './demo/trail.mjs';

const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deploy-marker-demo-'));
const channel = 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/0a1b2c3d-example';
const sha = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const session = 'ci-prod-deploy-a1b2c3d';
// Whole seconds, as CloudTrail has them.
const now = Math.floor(Date.now() / 1000) * 1000;
const minutesAgo = minutes => `${new Date(now - minutes * 60_000).toISOString().slice(0, 19)}Z`;
const deploy = `--env prod --component lambda:resize-image --git-sha ${sha} --account 123456789012 --region eu-west-1`;
const role = 'arn:aws:iam::123456789012:role/deploy';
const times = `--started-at ${minutesAgo(150)} --deployed-at ${minutesAgo(145)}`;

/** What the job's own variables tell. */
const job = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_REF_NAME: 'main',
  GITHUB_RUN_ID: '42',
  GITHUB_JOB: 'deploy',
  GITHUB_TRIGGERING_ACTOR: 'ada',
};

const steps = [
  [
    'The session name that CloudTrail will show as the actor:',
    `session-name --env prod --git-sha ${sha} --workflow deploy`,
  ],
  [
    'After the deploy, in a job of GitHub: a marker, here into a file:',
    `emit ${deploy} ${times} --session-name ${session} --role-arn ${role} --reason OPS-123 --approved-by bob --file deploy-markers.jsonl`,
    0,
    job,
  ],
  ['Is what was written a valid marker?', 'validate deploy-markers.jsonl'],
  ['What CloudTrail Lake would be sent (nothing is):', `emit ${deploy} --channel-arn ${channel} --dry-run`],
  ['Three in the morning: who changed resize-image?', 'trace resize-image --changes trail --html trace.html'],
  ['The audit of the day, which fails on what no deploy explains:', 'audit --changes trail', 10],
];

// The demo itself is no job of CI's, nor does it know anybody's settings.
const kept = ['PATH', 'HOME', 'TZ', 'TERM', 'NO_COLOR', 'FORCE_COLOR'];
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.includes(name)));

mkdirSync(join(folder, 'trail'));
writeFileSync(join(folder, 'trail/records.json'), JSON.stringify(toTrail({ minutesAgo, session })));
let isWhole = false;
try {
  for (const [title, command, code = 0, more = {}] of steps) {
    console.log(`\n# ${title}\n$ deploy-marker ${command}`);
    const { status } = spawnSync(process.execPath, [cli, ...command.split(' ')], {
      cwd: folder,
      env: { ...env, ...more },
      stdio: 'inherit',
    });
    if (status !== code) throw new Error(`it ended with ${status}, and should have with ${code}`);
  }
  console.log(
    `\nThe same as a page: ${join(folder, 'trace.html')}\nAll of it is in ${folder}; remove it when you have looked.`,
  );
  isWhole = true;
} finally {
  if (!isWhole) rmSync(folder, { recursive: true, force: true });
}
