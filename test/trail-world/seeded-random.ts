/** A generator of numbers that are the same for the same seed. */
export interface SeededRandom {
  /** A whole number from 0 to `below - 1`. */
  int(below: number): number;
  /** One of the values. */
  pick<T>(first: T, ...rest: T[]): T;
  /** Lowercase hexadecimal digits. */
  hex(length: number): string;
  /** A version 4 UUID, as CloudTrail's eventID is one. */
  uuid(): string;
  /** A key id of temporary credentials. */
  keyId(): string;
  /** The same values in another order. */
  shuffle<T>(values: readonly T[]): T[];
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Creates a generator with 32 bits of state (the mulberry32 step), seeded by any text. */
export function createSeededRandom(seed: string): SeededRandom {
  let state = hashOf(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const int = (below: number): number => next() % below;
  const hex = (length: number): string => {
    let text = '';
    while (text.length < length) text += next().toString(16).padStart(8, '0');
    return text.slice(0, length);
  };
  return {
    int,
    hex,
    pick: (first, ...rest) => [first, ...rest][int(rest.length + 1)] ?? first,
    uuid() {
      const digits = hex(32);
      const variant = '89ab'.charAt(int(4));
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
    keyId: () => `ASIA${Array.from({ length: 16 }, () => BASE32.charAt(int(32))).join('')}`,
    shuffle(values) {
      return values
        .map(value => ({ value, rank: next() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ value }) => value);
    },
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
