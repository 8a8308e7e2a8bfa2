import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import type { Standing } from '../../core/findings/report.ts';
import { type Markup, markup } from '../markup.ts';

// Shape and size tell standings apart without their colours. Areas in square pixels.
const SYMBOLS: Readonly<Record<Standing, readonly [SymbolType, number]>> = {
  explained: [symbolCircle, 60],
  attested: [symbolSquare, 84],
  'aws-service': [symbolCross, 84],
  ambiguous: [symbolWye, 120],
  coincident: [symbolTriangle, 116],
  unexplained: [symbolDiamond, 180],
};

/** The shape of a standing around the origin, coloured by its class. */
export function drawSymbol(standing: Standing): Markup {
  const [type, size] = SYMBOLS[standing];
  return markup`<path class="m ${standing}" d="${symbol(type, size)() ?? ''}"/>`;
}

/** The shape as a picture in a line of text. */
export function drawIcon(standing: Standing): Markup {
  return markup`<svg class="i" width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">${drawSymbol(standing)}</svg>`;
}
