import { execFile } from 'node:child_process';
import { access, chmod, constants, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { makeFolder } from '../cli/run-cli.ts';
import { type NpmRegistry, type NpmRegistryOptions, startNpmRegistry } from '../fakes/npm-registry.ts';
import { compileSteps } from './compile-orb.ts';
import { readPackedOrb, type YamlMap } from './packed-orb.ts';
import { type JobOptions, type JobResult, runJob } from './run-job.ts';

/** The step's name. */
export const INSTALL = 'Install deploy-marker';

/** How a run differs from the usual one. */
export interface InstallOptions extends Partial<JobOptions> {
  /** Parameters of `install`; `registry` is the scene's own unless it is given. */
  readonly parameters?: YamlMap;
  /** Variables of the packed step that are to be others, such as a checksum. */
  readonly packed?: Readonly<Record<string, string>>;
  /** Another shell than the packed `sh -e`. */
  readonly shell?: string;
  /** Steps that come first. */
  readonly before?: readonly unknown[];
  /** Steps that follow. */
  readonly after?: readonly unknown[];
}

/** A machine without deploy-marker, with few programs, and a registry that has it. */
export interface InstallScene {
  readonly registry: NpmRegistry;
  readonly home: string;
  /** The default of `install_dir`. */
  readonly folder: string;
  /** All that PATH has. */
  readonly bin: string;
  /** Runs a job that begins with `install`. */
  run(options?: InstallOptions): Promise<JobResult>;
  /** Puts programs of this machine on PATH. */
  link(...names: readonly string[]): Promise<void>;
  unlink(...names: readonly string[]): Promise<void>;
  /** Puts a shell script on PATH in place of what was there. */
  stub(name: string, ...lines: readonly string[]): Promise<void>;
  /** The pauses that the step made, in seconds; none takes any time. */
  pauses(): Promise<string[]>;
  /** Names in {@link folder}. */
  installed(): Promise<string[]>;
}

/** The tarball that the packed orb was made for. */
export const TARBALL: string = fileURLToPath(
  new URL(`../../dist/deploy-marker-${await readVersion()}.tgz`, import.meta.url),
);

const CIRCLECI = fileURLToPath(new URL('../fakes/bin/circleci', import.meta.url));
const PROGRAMS = [
  ...['sh', 'bash', 'cat', 'chmod', 'grep', 'gzip', 'ldd', 'mkdir', 'mktemp', 'mv', 'rm', 'sed', 'tar'],
  ...['timeout', 'uname', 'curl', 'sha512sum'],
];
const registries: NpmRegistry[] = [];
/** Programs that the tests of `install` want and this machine lacks. */
export const missingPrograms: readonly string[] = await findMissing([...PROGRAMS, 'wget', 'busybox', 'dash']);

/** Whether this machine has the programs that an image usually has; without them, `install` is not tested. */
export const canInstall: boolean = PROGRAMS.every(has);

/** Whether this machine has a program. */
export function has(program: string): boolean {
  return !missingPrograms.includes(program);
}

async function findMissing(programs: readonly string[]): Promise<string[]> {
  const found = await Promise.all(programs.map(findProgram));
  return programs.filter((_, index) => found[index] === undefined);
}

afterAll(async () => {
  await Promise.all(registries.splice(0).map(registry => registry.close()));
});

/** The version that the orb installs. */
export async function readVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return JSON.parse(manifest).version;
}

/** Where this machine has a program; undefined if it has none. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** An npm tarball with one program, `bin/node`, made of these lines of shell. */
export async function makeNodeTarball(...lines: readonly string[]): Promise<Uint8Array> {
  const folder = await makeFolder();
  await mkdir(join(folder, 'package/bin'), { recursive: true });
  await writeFile(join(folder, 'package/bin/node'), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  const path = join(folder, 'node.tgz');
  await promisify(execFile)('tar', ['-czf', path, '-C', folder, 'package/bin/node']);
  return readFile(path);
}

/** Makes an {@link InstallScene}, whose registry ends after the tests of the file. */
export async function makeInstallScene(options: NpmRegistryOptions = {}): Promise<InstallScene> {
  const [registry, orb, root] = await Promise.all([startNpmRegistry(options), readPackedOrb(), makeFolder()]);
  registries.push(registry);
  registry.publish('deploy-marker', await readVersion(), await readFile(TARBALL));
  const [bin, home, log] = [join(root, 'bin'), join(root, 'home'), join(root, 'pauses')];
  await Promise.all([mkdir(bin), mkdir(home)]);

  const unlink: InstallScene['unlink'] = async (...names) => {
    await Promise.all(names.map(name => rm(join(bin, name), { force: true })));
  };
  const link: InstallScene['link'] = async (...names) => {
    await unlink(...names);
    for (const name of names) {
      const path = await findProgram(name);
      if (path === undefined) throw new Error(`this machine has no ${name}`);
      await symlink(path, join(bin, name));
    }
  };
  const stub: InstallScene['stub'] = async (name, ...lines) => {
    await unlink(name);
    await writeFile(join(bin, name), `#!/bin/sh\n${lines.join('\n')}\n`);
    await chmod(join(bin, name), 0o755);
  };

  await link(...PROGRAMS);
  await stub('sleep', `echo "$1" >>'${log}'`);
  await symlink(process.execPath, join(bin, 'node'));
  await symlink(CIRCLECI, join(bin, 'circleci'));
  await link('dirname', 'env', 'readlink');

  return {
    ...{ registry, home, folder: join(home, '.deploy-marker'), bin, link, unlink, stub },
    async run({ parameters, packed, shell, before = [], after = [], env, ...rest } = {}) {
      const call = { 'deploy-marker/install': { registry: registry.url, ...parameters } };
      const steps = compileSteps(orb, [...before, call, ...after]).map(step =>
        step.name === INSTALL
          ? { ...step, shell: shell ?? step.shell, environment: { ...step.environment, ...packed } }
          : step,
      );
      const base = { PATH: bin, HOME: home, FAKE_CIRCLECI_NODE: process.execPath };
      return runJob(steps, { ...rest, env: { ...base, ...env } });
    },
    pauses: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(Boolean),
    installed: async () => (await readdir(join(home, '.deploy-marker')).catch(() => [])).sort(),
  };
}

/** The error that the last three lines of the step's stderr hold, and the exit status, which has to be the named one. */
export function installErrorOf(result: JobResult): {
  exit: number;
  code: string;
  message: string;
  hint: string;
} {
  const { code: status, stderr } = result.step(INSTALL);
  const match = /(?:^|\n)error: (.*)\n {2}hint: (.*)\n {2}code: ([A-Z_]+) \(exit (\d)\)\n$/.exec(stderr);
  if (match === null) throw new Error(`stderr does not end in error, hint and code:\n${stderr}`);
  const [, message = '', hint = '', code = '', exit] = match;
  if (Number(exit) !== status) throw new Error(`the exit status is ${status}, but stderr says:\n${stderr}`);
  return { exit: Number(exit), code, message, hint };
}
