import picocolors from 'picocolors';
import type { Tone } from '../core/base/styled-line.ts';

/** Puts the colour codes of a tone around a text. */
export type Paint = (text: string, tone: Tone) => string;

/** The sixteen colours of a terminal, which its owner has chosen to be legible on its ground, light or dark. */
export function createPaint(): Paint {
  const { green, red, yellow, dim, bold } = picocolors.createColors(true);
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    good: green,
    bad: text => bold(red(text)),
    warn: yellow,
    soft: dim,
    strong: bold,
  };
  return (text, tone) => tones[tone](text);
}
