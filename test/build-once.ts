import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPTS = ['build.mjs', 'pack-orb.mjs'].map(name =>
  fileURLToPath(new URL(`../scripts/${name}`, import.meta.url)),
);

/** Builds `dist` and packs the orb once before all tests, so that what they run is the present source. */
export async function setup(): Promise<void> {
  for (const script of SCRIPTS) await promisify(execFile)(process.execPath, [script]);
}
