import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { findNear } from '../base/nearest.ts';
import { quote } from '../base/quote.ts';
import { EVERYDAY_NAMES, KNOWN_SERVICES } from './known.ts';

const SUFFIX = '.amazonaws.com';
const WORD = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;
/** As many names are offered for one that is none. */
const MOST_OFFERED = 3;

/** Services that somebody named. */
export interface ServiceNames {
  /** As change records have them, each once. */
  readonly services: readonly string[];
  /** Those among them that were given in full and that we do not know: AWS may have added them since, or they are misspelt. */
  readonly unknown: readonly string[];
}

/**
 * Reads names of services with commas or white space between them, in any case, with or without `.amazonaws.com`. A name that no
 * `eventSource` has would find nothing for ever, so it is refused with the right one. AWS adds services: one that we do not know is
 * taken if it is given in full.
 *
 * @param flag the one that names them, for messages
 * @throws DeployMarkerError USAGE
 */
export function parseServices(text: string, flag: string): ServiceNames {
  const known = new Set(KNOWN_SERVICES);
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const odd = words.find(word => !WORD.test(word));
  if (odd !== undefined || words.length === 0) {
    throw new DeployMarkerError(
      'USAGE',
      `${flag} must be names such as lambda,cloudformation, got ${quote(odd ?? text)}`,
      { hint: 'name services as eventSource in CloudTrail does, without .amazonaws.com' },
    );
  }
  const services = new Set<string>();
  const unknown = new Set<string>();
  for (const word of words) {
    const name = word.endsWith(SUFFIX) ? word.slice(0, -SUFFIX.length) : word;
    if (!known.has(name)) {
      const meant = Object.hasOwn(EVERYDAY_NAMES, name) ? EVERYDAY_NAMES[name] : undefined;
      if (meant !== undefined || name === word) throw noEventSource(name, meant, flag);
      unknown.add(name);
    }
    services.add(name);
  }
  return { services: [...services], unknown: [...unknown] };
}

function noEventSource(name: string, meant: string | undefined, flag: string): DeployMarkerError {
  const near = meant === undefined ? nearTo(name) : [];
  const offer = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  const full = `a service that deploy-marker does not know yet is taken in full, as ${name}${SUFFIX}`;
  const what = `${flag} names ${quote(name)}`;
  return meant === undefined
    ? new DeployMarkerError('USAGE', `${what}, which no eventSource in CloudTrail is known to be called`, {
        hint: `${offer}${full}`,
      })
    : new DeployMarkerError('USAGE', `${what}, which CloudTrail calls ${meant}`, {
        hint: `pass ${meant} in the place of ${name}`,
      });
}

function nearTo(name: string): string[] {
  const everyday = findNear(name, Object.keys(EVERYDAY_NAMES)).flatMap(each => EVERYDAY_NAMES[each] ?? []);
  return [...new Set([...findNear(name, KNOWN_SERVICES), ...everyday])].slice(0, MOST_OFFERED);
}
