import picocolors from 'picocolors';
import type { Tone } from '../core/base/styled-line.ts';

/** Puts the colour codes of a tone around a text. */
export type Paint = (text: string, tone: Tone) => string;

/**
 * Of a terminal's sixteen colours those that can be read on a dark ground and on a light one: yellow cannot on white, in the colours
 * that most terminals come with.
 */
export function createPaint(): Paint {
  const { green, red, magenta, dim, bold } = picocolors.createColors(true);
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    good: green,
    bad: text => bold(red(text)),
    warn: text => bold(magenta(text)),
    soft: dim,
    strong: bold,
  };
  return (text, tone) => tones[tone](text);
}
