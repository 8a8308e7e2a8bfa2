import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const SOURCE = fileURLToPath(new URL('../../../src/io', import.meta.url));

/** Bundles a script that imports from `src/io`, so that a process of its own can run it. */
export async function bundleScript(source: string, outfile: string): Promise<string> {
  await build({
    stdin: { contents: source, resolveDir: SOURCE, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

/** Runs a bundled script to its end. */
export async function runScript(script: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [script, ...args]);
}
