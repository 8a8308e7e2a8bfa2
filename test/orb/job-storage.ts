import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../cli/run-cli.ts';
import { listOr } from './orb-parts.ts';
import type { RunStep } from './run-step.ts';

/** What CircleCI keeps of the jobs of a project: their artifacts, test results and caches. */
export interface JobStorage {
  /** Texts of the files by the path that the job gave. */
  readonly artifacts: ReadonlyMap<string, string>;
  readonly testResults: ReadonlyMap<string, string>;
  /** Keys of the caches, the oldest first. */
  cacheKeys(): string[];
  /** Does what a built-in step does with files of `cwd`; a file that is not there is no failure. */
  run(step: RunStep, cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<void>;
}

// https://circleci.com/docs/guides/optimize/caching/#using-keys-and-templates
function renderKey(key: unknown, env: Readonly<Record<string, string | undefined>>, epoch: number): string {
  return String(key).replace(/\{\{\s*(.*?)\s*\}\}/g, (_, name: string) => {
    const variable = /^\.Environment\.(\w+)$/.exec(name)?.[1];
    if (variable !== undefined) return env[variable] ?? '<no value>';
    if (name === 'epoch') return String(epoch);
    throw new Error(`a template that is not known here: ${name}`);
  });
}

/** An empty {@link JobStorage}. */
export async function createJobStorage(): Promise<JobStorage> {
  const root = await makeFolder();
  const artifacts = new Map<string, string>();
  const testResults = new Map<string, string>();
  const caches: { readonly key: string; readonly folder: string; readonly paths: readonly string[] }[] = [];
  let epoch = 1_790_000_000;

  const run: JobStorage['run'] = async ({ builtin, given }, cwd, env) => {
    const path = String(given['path']);
    const isFile = (file: string) =>
      stat(join(cwd, file)).then(
        found => found.isFile(),
        () => false,
      );
    if ((builtin === 'store_artifacts' || builtin === 'store_test_results') && (await isFile(path))) {
      const kept = builtin === 'store_artifacts' ? artifacts : testResults;
      kept.set(path, await readFile(join(cwd, path), 'utf8'));
    }
    if (builtin === 'save_cache') {
      epoch += 1;
      const key = renderKey(given['key'], env, epoch);
      const folder = join(root, String(epoch));
      const paths: string[] = [];
      for (const each of listOr(given['paths']).map(String)) if (await isFile(each)) paths.push(each);
      for (const each of paths) await cp(join(cwd, each), join(folder, each), { recursive: true });
      // One without files is not made, and one of the same key not written again.
      if (paths.length > 0 && !caches.some(cache => cache.key === key)) caches.push({ key, folder, paths });
    }
    if (builtin === 'restore_cache') {
      const key = renderKey(given['key'], env, epoch);
      const found = caches.findLast(cache => cache.key.startsWith(key));
      for (const each of found?.paths ?? []) {
        await mkdir(join(cwd, dirname(each)), { recursive: true });
        await cp(join(found?.folder ?? '', each), join(cwd, each));
      }
    }
  };
  return { artifacts, testResults, cacheKeys: () => caches.map(({ key }) => key), run };
}
