// The main job on a laptop: no account, no network. Prints every command before it runs it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deploy-marker-demo-'));
const file = join(folder, 'deploy-markers.jsonl');
const channel = 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/0a1b2c3d-example';
const deploy = '--env demo --component lambda:hello --git-sha a1b2c3d4e5';

const steps = [
  [
    'The session name that CloudTrail will show as the actor:',
    `session-name --env demo --git-sha a1b2c3d4e5`,
  ],
  ['A deploy marker, into a local file:', `emit ${deploy} --file ${file}`],
  ['Is what was written a valid marker?', `validate ${file}`],
  ['What CloudTrail Lake would be sent (nothing is):', `emit ${deploy} --channel-arn ${channel} --dry-run`],
];

try {
  for (const [title, command] of steps) {
    console.log(`\n# ${title}\n$ node dist/cli.cjs ${command}`);
    const { status } = spawnSync(process.execPath, ['dist/cli.cjs', ...command.split(' ')], {
      cwd: checkout,
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
  console.log(`\nDone. The marker was in ${file}; the folder is removed again.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
