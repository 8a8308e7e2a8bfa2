import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import { CI_ENVS, storedMarkers } from '../cli/emit/scene.ts';
import { CLI, makeFolder } from '../cli/run-cli.ts';
import { type AwsServer, type AwsServerOptions, startAwsServer } from '../fakes/aws-server.ts';
import { mintToken } from '../fakes/oidc-token.ts';
import { type CompileOptions, compileJob, compileSteps, type RunStep } from './compile-orb.ts';
import { type Library, readPackedOrb, type YamlMap } from './packed-orb.ts';
import { type JobOptions, type JobResult, runJob } from './run-job.ts';

/** How a run differs from the job's usual; `env` comes on top of {@link OrbScene.env}. */
export interface SceneOptions extends Omit<JobOptions, 'env' | 'secrets' | 'cwd'>, CompileOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A CircleCI job with the packed orb, the built tool on PATH and a strict server of its own. */
export interface OrbScene {
  readonly server: AwsServer;
  readonly orb: Library & YamlMap;
  /** The folder that PATH begins with: `deploy-marker`, `circleci`, and `curl`, `wget` and `npm`, which only fail. */
  readonly bin: string;
  /** The working directory of every step. */
  readonly cwd: string;
  /** The job's token, which the server's default role trusts. */
  readonly token: string;
  /** What a step finds in its environment: CircleCI's variables, the token, the server's address, no credentials. */
  env(): Record<string, string>;
  /** Credentials that a job may have of its own, as from a context. */
  credentials(): Record<string, string>;
  /** What no step may print: the token and every key that the server knows. */
  secrets(): string[];
  /** Runs these steps, with the orb's commands as `deploy-marker/NAME`, and checks what holds for every run. */
  run(steps: readonly unknown[], options?: SceneOptions): Promise<JobResult>;
  /** Runs steps that are compiled already, and checks the same. */
  runCompiled(steps: readonly RunStep[], options?: SceneOptions): Promise<JobResult>;
  /** Runs a job of the orb as a workflow calls it, and checks the same. */
  runOrbJob(name: string, parameters: YamlMap, options?: SceneOptions): Promise<JobResult>;
  /** {@link OrbScene.runOrbJob} of `deploy`. */
  runDeployJob(parameters: YamlMap, options?: SceneOptions): Promise<JobResult>;
  /** Parameters of `deploy` that lack nothing but `steps`, `more` on top. */
  deploy(more?: YamlMap): YamlMap;
  /** A step that calls `emit` with parameters that lack nothing, `more` on top. */
  emit(more?: YamlMap): unknown;
  /** Puts a program of these lines of sh on PATH. */
  install(name: string, lines: readonly string[]): Promise<void>;
  /** The markers that the server stored, flat. */
  markers(): Record<string, string>[];
  /** Statuses of the markers that the server stored, in order. */
  statuses(): (string | undefined)[];
  /** A step that keeps its environment for {@link seen}. */
  look(name: string, when?: 'on_success' | 'on_fail' | 'always'): unknown;
  /** The environment that the step `look(name)` had; undefined if it did not run. */
  seen(name: string): Promise<Record<string, string> | undefined>;
  /** The changes of CircleCI's own releases: name and status. */
  releases(): Promise<string[][]>;
  /** Calls of `circleci`, each with its arguments. */
  calls(): Promise<string[][]>;
}

/** What the scene's deploys deploy. */
export const COMPONENT = 'lambda:resize-image';

/** What {@link OrbScene.run} calls steps that the orb brings. */
export const STEP = {
  install: 'Install deploy-marker',
  check: 'Check the deploy marker',
  session: 'Name the AWS session',
  assume: 'Assume the AWS role',
  emit: 'Emit the deploy marker',
  running: 'Emit the deploy marker: running',
  failed: 'Emit the deploy marker: failed',
  success: 'Emit the deploy marker: success',
  clear: 'Take back the AWS credentials',
  audit: 'Audit the changes',
} as const;

const STUB = fileURLToPath(new URL('../fakes/bin/circleci', import.meta.url));
const orb = await readPackedOrb();
const servers: AwsServer[] = [];

afterAll(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function readLines(path: string): Promise<string[][]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => line.split('\t'));
}

async function installScript(path: string, lines: readonly string[]): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${lines.join('\n')}\n`);
  await chmod(path, 0o755);
}

async function makeJob(): Promise<{
  bin: string;
  cwd: string;
  home: string;
  tmp: string;
  downloads: string;
}> {
  const root = await makeFolder();
  const [bin, cwd, home, tmp] = [join(root, 'bin'), join(root, 'cwd'), join(root, 'home'), join(root, 'tmp')];
  await Promise.all([bin, cwd, home, tmp].map(path => mkdir(path)));
  const downloads = join(root, 'downloads');
  await installScript(join(bin, 'deploy-marker'), [`exec '${process.execPath}' '${CLI}' "$@"`]);
  await symlink(STUB, join(bin, 'circleci'));
  for (const name of ['curl', 'wget', 'npm'])
    await installScript(join(bin, name), [`echo "${name} $*" >>'${downloads}'`, 'exit 86']);
  return { bin, cwd, home, tmp, downloads };
}

function parseEnvironment(text: string): Record<string, string> {
  const pairs = text.split('\0').filter(Boolean);
  return Object.fromEntries(
    pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** Starts an {@link OrbScene}, which ends after the tests of the file. */
export async function startOrbScene(options: AwsServerOptions = {}): Promise<OrbScene> {
  const [server, job] = await Promise.all([startAwsServer(options), makeJob()]);
  servers.push(server);
  const { bin, cwd, home, tmp, downloads } = job;
  const token = mintToken({ jti: crypto.randomUUID() });
  const releases = join(tmp, 'releases');
  const log = join(tmp, 'circleci.log');

  const env: OrbScene['env'] = () => ({
    ...CI_ENVS.circleci,
    PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: tmp,
    LANG: 'C.UTF-8',
    CIRCLE_OIDC_TOKEN_V2: token,
    AWS_ENDPOINT_URL_STS: server.url,
    AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: server.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: server.url,
    AWS_REGION: server.state.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    FAKE_CIRCLECI_NODE: process.execPath,
    FAKE_CIRCLECI_RELEASES: releases,
    FAKE_CIRCLECI_LOG: log,
  });
  const secrets: OrbScene['secrets'] = () => [
    // A token's last part is its signature, which no message shows in any form.
    ...token.split('.').slice(1),
    ...[...server.state.keys.values()].flatMap(key => [key.id, key.secret, key.sessionToken ?? '']),
  ];
  const runCompiled: OrbScene['runCompiled'] = async (steps, { env: more, ...rest } = {}) => {
    const result = await runJob(steps, { ...rest, cwd, secrets, env: { ...env(), ...more } });
    expect(server.violations).toEqual([]);
    // The tool of this version is on PATH, so install has nothing to fetch.
    expect(await readLines(downloads)).toEqual([]);
    return result;
  };

  const runOrbJob: OrbScene['runOrbJob'] = (name, parameters, given = {}) => {
    const { steps, environment } = compileJob(orb, `deploy-marker/${name}`, parameters, given);
    return runCompiled(steps, { ...given, env: { ...environment, ...given.env } });
  };

  return {
    ...{ server, orb, bin, cwd, token, env, secrets },
    runCompiled,
    run: (steps, given = {}) => runCompiled(compileSteps(orb, steps, given), given),
    runOrbJob,
    runDeployJob: (parameters, given) => runOrbJob('deploy', parameters, given),
    deploy: (more = {}) => ({
      ...{ env: 'prod', component: COMPONENT, channel_arn: server.state.defaultChannelArn },
      ...{ role_arn: server.state.defaultRoleArn, ...more },
    }),
    emit: (more = {}) => ({
      'deploy-marker/emit': {
        ...{ env: 'prod', component: COMPONENT, channel_arn: server.state.defaultChannelArn },
        ...more,
      },
    }),
    install: (name, lines) => installScript(join(bin, name), lines),
    credentials: () => {
      const keys = Object.entries(server.env()).filter(([name]) =>
        /^AWS_(ACCESS|SECRET|SESSION)_/.test(name),
      );
      return Object.fromEntries(keys);
    },
    markers: () => storedMarkers(server),
    statuses: () => storedMarkers(server).map(marker => marker['status']),
    look: (name, when = 'always') => ({ run: { name, when, command: `env -0 >'${join(tmp, name)}.env'` } }),
    seen: name =>
      readFile(join(tmp, `${name}.env`), 'utf8').then(parseEnvironment, (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }),
    releases: () => readLines(releases),
    calls: () => readLines(log),
  };
}
