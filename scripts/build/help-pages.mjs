import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Only the table of commands is wanted; what a command loads when it runs stays where it is. */
const lateStaysOut = {
  name: 'late-stays-out',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/**
 * Has yargs write the page of every command, and under the empty name the list of all. What a template makes is said in the
 * template, and nowhere else.
 *
 * @returns text by the name of its command
 */
export async function helpPages(root) {
  const folder = join(root, 'node_modules/.cache/deploy-marker');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `help-${process.pid}.mjs`);
  await build({
    stdin: {
      contents: `export { COMMANDS } from './src/commands/table.ts'; export { renderHelp } from './src/help.ts';
        export { TEMPLATE_NAMES } from './src/core/template/names.ts';
        export { readTemplateSummary } from './src/core/template/parameter.ts';`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    packages: 'external',
    logLevel: 'error',
    plugins: [lateStaysOut],
  });
  try {
    const { COMMANDS, TEMPLATE_NAMES, readTemplateSummary, renderHelp } = await import(
      pathToFileURL(outfile)
    );
    const rows = await Promise.all(
      TEMPLATE_NAMES.map(async name => {
        const summary = readTemplateSummary(await readFile(join(root, `src/templates/${name}.yaml`), 'utf8'));
        return [name, summary.replace('deploy-marker: ', '')];
      }),
    );
    const lists = { template: { title: 'Templates', rows } };
    const pages = COMMANDS.map(command => [command.name, renderHelp(command, lists[command.name])]);
    return { '': renderHelp(undefined), ...Object.fromEntries(pages) };
  } finally {
    await rm(outfile);
  }
}
