import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, expect } from 'vitest';
import { type AwsServer, type AwsServerOptions, startAwsServer } from '../../fakes/aws-server.ts';
import type { AccessKey } from '../../fakes/aws-state.ts';
import { mintToken } from '../../fakes/oidc-token.ts';
import { makeFolder, type RunOptions, type RunResult, runCli } from '../run-cli.ts';

/** A run of `assume-role`, and the files that it made or changed, relative to the job's root. */
export interface AssumeResult extends RunResult {
  readonly written: readonly string[];
}

/** How one run differs from the job's usual. */
export interface AssumeOptions extends Omit<RunOptions, 'cwd'> {
  /** Credentials are what stdout was asked for. */
  readonly printsCredentials?: boolean;
  /** The same of stderr, where GitHub's mask lines are under `--json`. */
  readonly masksOnStderr?: boolean;
}

/** A CI job with a server of its own. Its root holds HOME, TMPDIR and the working directory, and all else it may write. */
export interface AssumeJob {
  readonly server: AwsServer;
  /** A token that the default role trusts; `run` gives it as DEPLOY_MARKER_ID_TOKEN unless told otherwise. */
  readonly token: string;
  readonly root: string;
  readonly cwd: string;
  readonly home: string;
  /** Flags that name the server's default role and the session {@link SESSION}. */
  readonly role: readonly string[];
  /**
   * Runs `assume-role` and checks what holds for every run: no part of a secret is in stderr, in stdout only where it was
   * asked for, nowhere a token; and the server saw nothing that no correct client sends.
   */
  run(args: readonly string[], options?: AssumeOptions): Promise<AssumeResult>;
  /** Environment of {@link run} without its own additions. */
  env(): Record<string, string>;
  /** Session keys that the server gave away, the latest last. */
  keys(): AccessKey[];
  /** A token that nobody but this job knows, so that it is looked for in every output. */
  mint(claims?: Parameters<typeof mintToken>[0]): string;
}

/** The session name of {@link AssumeJob.role}. */
export const SESSION = 'ci-prod-deploy-a1b2c3d';

const servers: AwsServer[] = [];

afterAll(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function readTree(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  // Of several processes at once, one may remove its lock between the two steps.
  const read = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '');
  return new Map(
    await Promise.all(files.map(async path => [relative(root, path), await read(path)] as const)),
  );
}

async function makeRoot(): Promise<{ root: string; cwd: string; home: string; tmp: string }> {
  const root = await makeFolder();
  const [cwd, home, tmp] = ['cwd', 'home', 'tmp'].map(name => join(root, name));
  if (cwd === undefined || home === undefined || tmp === undefined) throw new Error('unreachable');
  await Promise.all([cwd, home, tmp].map(path => mkdir(path)));
  return { root, cwd, home, tmp };
}

/** Starts a {@link AssumeJob}, which ends after the tests of the file. */
export async function startAssumeJob(options: AwsServerOptions = {}): Promise<AssumeJob> {
  const server = await startAwsServer(options);
  servers.push(server);
  const { root, cwd, home, tmp } = await makeRoot();
  const tokens: string[] = [];
  const mint: AssumeJob['mint'] = claims => {
    const token = mintToken({ jti: crypto.randomUUID(), ...claims });
    tokens.push(token);
    return token;
  };
  const token = mint();
  const first = server.state.defaultKey.id;
  const keys = () => [...server.state.keys.values()].filter(key => key.id !== first);
  const env = () => ({
    HOME: home,
    TMPDIR: tmp,
    AWS_ENDPOINT_URL_STS: server.url,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  });

  function checkSecrets(result: RunResult, { printsCredentials, masksOnStderr }: AssumeOptions): void {
    const secrets = keys().flatMap(key => [key.id, key.secret, key.sessionToken ?? '']);
    const shown = [printsCredentials ? '' : result.stdout, masksOnStderr ? '' : result.stderr].join('\n');
    // A token's last part is its signature, which no message shows in any form.
    for (const secret of [...secrets, ...secrets.map(encodeURIComponent)])
      expect(shown).not.toContain(secret);
    for (const part of tokens.flatMap(jwt => jwt.split('.').slice(1)))
      expect(result.stdout + result.stderr).not.toContain(part);
  }

  return {
    server,
    token,
    root,
    cwd,
    home,
    role: ['--role-arn', server.state.defaultRoleArn, '--session-name', SESSION],
    mint,
    keys,
    env,
    async run(args, { env: more, ...rest } = {}) {
      const before = await readTree(root);
      const result = await runCli(['assume-role', ...args], {
        ...rest,
        cwd,
        env: { ...env(), DEPLOY_MARKER_ID_TOKEN: token, ...more },
      });
      const after = await readTree(root);
      const written = [...after.keys()].filter(path => after.get(path) !== before.get(path)).sort();
      checkSecrets(result, rest);
      for (const [path, text] of after)
        if (written.includes(path))
          for (const jwt of tokens) expect(text, `${path} holds a token`).not.toContain(jwt);
      expect(server.violations).toEqual([]);
      return { ...result, written };
    },
  };
}
