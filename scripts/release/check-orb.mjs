// Holds a packed orb to what CircleCI asks of one when it is published: `node scripts/release/check-orb.mjs FILE`.
//
// `circleci orb validate` needs an account and the network. These are the rules that test/orb has seen broken: keys, types of
// parameters, references, calls of commands and jobs, those of the examples included.
import { readFile } from 'node:fs/promises';
import { importTypeScript } from '../import-typescript.mjs';

const { checkOrb, parseOrb } = await importTypeScript(
  `export { checkOrb } from './test/orb/orb-rules.ts';
   export { parseOrb } from './test/orb/packed-orb.ts';`,
);
const { orb } = JSON.parse(await readFile(new URL('names.json', import.meta.url), 'utf8'));

try {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new Error('name the packed orb');
  const text = await readFile(path, 'utf8');
  const name = `${orb.namespace}/${orb.name}`;
  const problems = checkOrb(parseOrb(text), name);
  if (problems.length > 0)
    throw new Error(
      problems.map(({ code, file, message }) => `${file}: ${message} (${code})`).join('\nerror: '),
    );
  console.log(`${name} can be published: ${Buffer.byteLength(text)} bytes`);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
