/** Whether a name is meant. */
export type NameTest = (name: string) => boolean;

/**
 * Makes a test of patterns in which `*` stands for any characters and `?` for one; everything else is meant as it
 * stands, case included. A name is meant if one of them fits it as a whole; no patterns fit nothing.
 */
export function matchesAny(patterns: readonly string[]): NameTest {
  if (patterns.length === 0) return () => false;
  const forms = patterns.map(pattern =>
    // Runs of stars are one star, or a hostile pattern could take for ever.
    pattern
      .replace(/\*+/g, '*')
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^]*')
      .replaceAll('?', '[^]'),
  );
  const whole = new RegExp(`^(?:${forms.join('|')})$`, 'u');
  return name => whole.test(name);
}
