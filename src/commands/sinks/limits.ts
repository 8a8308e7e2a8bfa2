import { quote } from '../../core/base/quote.ts';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { EmitFlags } from '../emit/fields.ts';

/** How hard a remote sink may try. */
export interface SinkLimits {
  /** Requests per second. */
  readonly maxRate: number;
  /** Attempts of one request; undefined leaves it to `AWS_MAX_ATTEMPTS`. */
  readonly maxAttempts: number | undefined;
}

/** @throws DeployMarkerError USAGE */
export function parseLimits(flags: EmitFlags): SinkLimits {
  return { maxRate: parseRate(flags['max-rate']), maxAttempts: parseAttempts(flags['max-attempts']) };
}

function parseRate(text: string): number {
  if (text === 'off') return Number.POSITIVE_INFINITY;
  const rate = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && rate >= 1 && rate <= MAX_RATE.highest) return rate;
  throw new DeployMarkerError(
    'USAGE',
    `--max-rate must be 1 to ${MAX_RATE.highest} requests a second, or off; got ${quote(text)}`,
    {
      hint: `pass --max-rate ${MAX_RATE.default}`,
    },
  );
}

function parseAttempts(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new DeployMarkerError('USAGE', `--max-attempts must be 1 to 99, got ${quote(text)}`, {
    hint: 'pass --max-attempts 3',
  });
}
