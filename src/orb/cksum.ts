const POLYNOMIAL = 0x04c11db7;

function step(crc: number, byte: number): number {
  let next = crc ^ (byte << 24);
  for (let bit = 0; bit < 8; bit += 1) next = next < 0 ? (next << 1) ^ POLYNOMIAL : next << 1;
  return next;
}

/** The sum that the program `cksum` prints of a text: POSIX, "cksum". */
export function cksum(text: string): number {
  const bytes = Buffer.from(text);
  let crc = bytes.reduce(step, 0);
  for (let rest = bytes.length; rest > 0; rest = Math.floor(rest / 256)) crc = step(crc, rest % 256);
  return ~crc >>> 0;
}
