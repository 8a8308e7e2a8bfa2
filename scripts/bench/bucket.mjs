// What the same logs cost in processor time from a bucket and from disk, turn by turn.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const ROUNDS = 3;

async function runAudit({ root, folder, env }, { from, until }, changes) {
  const args = [
    '--require',
    here('usage.cjs'),
    join(root, 'dist/cli.cjs'),
    'audit',
    '--json',
    '--fail-on',
    'none',
  ];
  const range = ['--since', new Date(from).toISOString(), '--until', new Date(until).toISOString()];
  const sources = ['--markers', 'markers.jsonl', '--changes', changes, '--allow-quiet'];
  const child = spawn(process.execPath, [...args, ...sources, ...range], {
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  let told = '';
  child.stdio[3].on('data', chunk => {
    told += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`audit of ${changes} ended with ${code}`);
  const { maxRSS, cpu } = JSON.parse(told);
  return { megabytes: maxRSS / 1000, seconds: cpu / 1e6 };
}

/**
 * A row of the table: `audit` over the logs in `folder/trail` from a loopback bucket, beside the same from disk.
 *
 * @param trail from when to when its changes are
 * @param what is in it, in words
 */
export async function bucketRow({ root, folder, env }, trail, what) {
  const server = fork(here('bucket-server.mjs'), [join(folder, 'trail')], { env });
  try {
    const [{ url }] = await once(server, 'message');
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'bench' };
    const reach = { AWS_ENDPOINT_URL_S3: url, AWS_REGION: 'eu-west-1', ...keys };
    const bucket = { root, folder, env: { ...env, ...reach } };
    const taken = { disk: [], s3: [], megabytes: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      taken.disk.push((await runAudit({ root, folder, env }, trail, 'trail')).seconds);
      const { seconds, megabytes } = await runAudit(bucket, trail, 's3://trail');
      taken.s3.push(seconds);
      taken.megabytes = Math.max(taken.megabytes, megabytes);
    }
    const [disk, s3] = [Math.min(...taken.disk), Math.min(...taken.s3)];
    return [
      `audit of a bucket / of a folder, ${what}`,
      `${(s3 / disk).toFixed(2)} x the processor time, peak ${Math.round(taken.megabytes)} MB`,
      '<= 1.3 x, < 300 MB',
      `${s3.toFixed(1)} / ${disk.toFixed(1)} s`,
    ];
  } finally {
    server.disconnect();
  }
}
