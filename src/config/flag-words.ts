/** Units of flags that people know from other tools, as in `--hours 2`. */
const UNITS: Readonly<Record<string, string>> = {
  seconds: 's',
  minutes: 'm',
  mins: 'm',
  hours: 'h',
  days: 'd',
  weeks: 'w',
};

/** What other tools call our flags. */
const WORDS: Readonly<Record<string, string>> = {
  last: 'since',
  from: 'since',
  start: 'since',
  'start-time': 'since',
  begin: 'since',
  to: 'until',
  end: 'until',
  'end-time': 'until',
  commit: 'git-sha',
  sha: 'git-sha',
  function: 'component',
  'function-name': 'component',
  resource: 'component',
};

/**
 * The flag that somebody means by another tool's word, with its value where that is plain, as `--since 2h` for `--hours 2`; undefined where
 * the command has no such flag.
 */
export function flagMeantBy(
  word: string,
  value: unknown,
  isKnown: (flag: string) => boolean,
): string | undefined {
  const unit = Object.hasOwn(UNITS, word) ? UNITS[word] : undefined;
  const flag = unit === undefined ? (Object.hasOwn(WORDS, word) ? WORDS[word] : undefined) : 'since';
  if (flag === undefined || !isKnown(flag)) return undefined;
  const text = typeof value === 'string' && /^[\w.:+-]+$/.test(value) ? value : '';
  const own = unit !== undefined && /^\d+$/.test(text) ? `${text}${unit}` : text;
  return own === '' ? `--${flag}` : `--${flag} ${own}`;
}
