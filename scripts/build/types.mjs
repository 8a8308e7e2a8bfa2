import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { visibleDeclarations } from './declarations.mjs';

const run = promisify(execFile);

/**
 * Makes the library's type declarations.
 *
 * @param scratch a folder for intermediate files, inside the project so that its packages are found
 * @returns text by file name, relative to dist/types
 * @throws if tsc finds fault with one of them, or one needs a package
 */
export async function libraryTypes(root, scratch) {
  const output = join(scratch, 'types');
  await rm(output, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const config = join(scratch, 'tsconfig.types.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rewriteRelativeImportExtensions: true,
    // Internal members stay out of what consumers see.
    stripInternal: true,
    rootDir: root,
    outDir: output,
  };
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions,
    include: [],
    files: [join(root, 'src/index.ts')],
  };
  await writeFile(config, JSON.stringify(settings));
  const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
  // tsc also finds fault with modules inside the library whose types no consumer sees; those are no matter here.
  const { stdout } = await run(process.execPath, [tsc, '-p', config]).catch(failed => failed);
  const folder = join(output, 'src');
  const declarations = visibleDeclarations('index.d.ts', name => readFileSync(join(folder, name), 'utf8'));
  for (const name of declarations.keys()) {
    const source = `src/${name.replace(/\.d\.ts$/, '.ts')}(`;
    const fault = stdout.split('\n').find(line => line.startsWith(source));
    if (fault !== undefined) throw new Error(`types: ${fault}`);
  }
  return declarations;
}
