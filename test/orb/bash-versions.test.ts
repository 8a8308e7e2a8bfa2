// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

// Features that the bash of macOS, 3.2, lacks. Each with a line that must be found.
const NEWER_BASH: readonly (readonly [name: string, pattern: RegExp, fixture: string])[] = [
  ['case modification (4.0)', /\$\{\w+(?:\[[^\]]*\])?(?:,,?|\^\^?)/, 'echo "${name,,}"'],
  ['associative array (4.0)', /\b(?:declare|local|typeset)\s+-\w*A/, 'declare -A map'],
  [
    'nameref, global, lower or upper (4.0, 4.2, 4.3)',
    /\b(?:declare|local|typeset)\s+-\w*[nglu]/,
    'local -n ref=$1',
  ],
  ['mapfile (4.0)', /\b(?:mapfile|readarray)\b/, 'mapfile -t lines <file'],
  ['pipe of both streams (4.0)', /\|&/, 'make |& tee log'],
  ['appending both streams (4.0)', /&>>/, 'make &>>log'],
  ['falling through in case (4.0)', /;;?&/, 'a) x ;;&'],
  ['coproc (4.0)', /\bcoproc\b/, 'coproc cat'],
  ['transformation (4.4)', /\$\{\w+(?:\[[^\]]*\])?@[A-Za-z]\}/, 'echo "${x@Q}"'],
  ['wait -n (4.3)', /\bwait\s+-\w*[npf]/, 'wait -n'],
  ['printf into an element (4.1)', /\bprintf\s+-v\s*['"]?\w+\[/, 'printf -v arr[1] x'],
  ['printf of times (4.2)', /%[-0-9]*\([^)]*\)T/, "printf '%(%F)T'"],
  ['test -v (4.2)', /\[\[?\s+(?:!\s+)?-v\s/, '[[ -v name ]]'],
  ['negative subscript (4.2)', /\$\{\w+\[-\d+\]\}|\$\{\w+::-\d/, 'echo "${list[-1]}"'],
  ['negative length (4.2)', /\$\{\w+:[^}:]*:\s*-/, 'echo "${x:0:-1}"'],
  ['named descriptor (4.1)', /\bexec\s+\{\w+\}/, 'exec {fd}<file'],
  [
    'newer variables',
    /\$\{?(?:BASHPID|EPOCHSECONDS|EPOCHREALTIME|SRANDOM|BASH_ARGV0)\b/,
    'echo $EPOCHSECONDS',
  ],
  [
    'newer shopts',
    /\bshopt\b.*\b(?:globstar|lastpipe|inherit_errexit|localvar_inherit)\b/,
    'shopt -s lastpipe',
  ],
  ['read -N or -i (4.0, 4.1)', /\bread\s+(?:-\w+\s+)*-\w*[Ni]/, 'read -r -N 1 c'],
  ['escapes of Unicode (4.2)', /\$'[^']*\\[uU][0-9a-fA-F]/, "echo $'\\u00e9'"],
  // Under -u, bash before 4.4 takes an array without elements for unset.
  ['an array that may be empty (4.4)', /(?<!\+)"\$\{(?!arguments\[)\w+\[[@*]\]\}"/, 'run "${list[@]}"'],
];

function findNewerBash(script: string): string[] {
  const code = script.replace(/^\s*#.*$/gm, '');
  return NEWER_BASH.filter(([, pattern]) => pattern.test(code)).map(([name]) => name);
}

describe('the scripts are fit for bash 3.2', () => {
  const folders = ['orb/src/scripts/', 'src/orb/'].map(path => new URL(`../../${path}`, import.meta.url));

  test('no script uses anything newer', async () => {
    const names = await Promise.all(
      folders.map(async folder => (await readdir(folder)).map(name => new URL(name, folder))),
    );
    const files = names.flat().filter(({ pathname }) => pathname.endsWith('.sh'));
    expect(files.length).toBeGreaterThan(4);
    const found = await Promise.all(
      files.map(async file => [file.pathname, findNewerBash(await readFile(file, 'utf8'))] as const),
    );
    expect(found.filter(([, features]) => features.length > 0)).toEqual([]);
  });

  test.each(NEWER_BASH)('finds %s', (name, _, fixture) => {
    expect(findNewerBash(`set -eu\n${fixture}\n`)).toContain(name);
    expect(findNewerBash(`# ${fixture}\n`)).toEqual([]);
  });
});
