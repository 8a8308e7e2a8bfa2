import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenOnLoopback } from '../fakes/loopback-port.ts';

/** A stand-in for AWS that others made, as a judge of ours: it is less strict than the server in `fakes`, and knows other things. */
export interface MotoServer {
  readonly url: string;
  /** The variables that point an AWS client here. */
  env(): Record<string, string>;
  close(): Promise<void>;
}

/** `$DEPLOY_MARKER_MOTO_SERVER`, else `moto_server` on the path; otherwise why there is none, in `missing`. */
export function findMoto(env: NodeJS.ProcessEnv): {
  readonly command: string;
  readonly missing: string | undefined;
} {
  const command = env['DEPLOY_MARKER_MOTO_SERVER'] || 'moto_server';
  const { error } = spawnSync(command, ['--help'], { timeout: 60_000 });
  return { command, missing: error?.message };
}

/**
 * Starts moto on a free port of this machine.
 *
 * @param settings moto's own variables, beside those of this process
 */
export async function startMoto(
  command: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<MotoServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(command, ['-H', '127.0.0.1', '-p', `${port}`], {
    stdio: 'ignore',
    cwd: tmpdir(),
    env: { ...process.env, ...settings },
  });
  await waitFor(url, child);
  return {
    url,
    env: () => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'unused',
      AWS_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    }),
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function waitFor(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}`);
    const isUp = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(200);
  }
  throw new Error('moto does not answer');
}
