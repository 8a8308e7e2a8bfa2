import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { findNear } from '../base/nearest.ts';
import { quote } from '../base/quote.ts';
import type { ServiceChoice } from './choice.ts';
import { EVERYDAY_NAMES, KNOWN_SERVICES } from './known.ts';

const SUFFIX = '.amazonaws.com';
const WORD = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;
/** As many names are offered for one that is none. */
const MOST_OFFERED = 3;
const ALL = 'all';

/** Services that somebody named. */
export interface ServiceNames {
  /** As change records have them, each once; `all` if that is among them. */
  readonly services: ServiceChoice;
  /** Those among them that were given in full and that we do not know: AWS may have added them since, or they are misspelt. */
  readonly unknown: readonly string[];
  /** Names that people have for services, and what CloudTrail calls these. */
  readonly everyday: readonly (readonly [name: string, service: string])[];
}

/**
 * Reads names of services with commas or white space between them, in any case, with or without `.amazonaws.com`. An everyday name
 * stands for what CloudTrail calls the service. A name that no `eventSource` has would find nothing for ever, so it is refused with the
 * nearest. AWS adds services: one that we do not know is taken if it is given in full.
 *
 * @param flag the one that names them, for messages
 * @throws DeployMarkerError USAGE
 */
export function parseServices(text: string, flag: string): ServiceNames {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const odd = words.find(word => !WORD.test(word));
  if (odd !== undefined || words.length === 0) {
    throw new DeployMarkerError(
      'USAGE',
      `${flag} must be names such as lambda,cloudformation, or all, got ${quote(odd ?? text)}`,
      { hint: 'name services as eventSource in CloudTrail does, without .amazonaws.com' },
    );
  }
  const services = new Set<string>();
  const unknown = new Set<string>();
  const everyday = new Map<string, string>();
  for (const word of words) {
    if (word === ALL) continue;
    const name = word.endsWith(SUFFIX) ? word.slice(0, -SUFFIX.length) : word;
    const service = serviceCalled(name);
    if (service === undefined && name === word) throw noEventSource(name, flag);
    if (service === undefined) unknown.add(name);
    else if (service !== name) everyday.set(name, service);
    services.add(service ?? name);
  }
  return {
    services: words.includes(ALL) ? ALL : [...services],
    unknown: [...unknown],
    everyday: [...everyday],
  };
}

/**
 * Reads a pattern of calls, `SERVICE:ACTION`, in which `*` and `?` may stand; an everyday name stands for its service.
 *
 * @param flag the one that names it, for messages
 * @throws DeployMarkerError USAGE
 */
export function parseCallPattern(text: string, flag: string): string {
  const [, given, action] = /^([A-Za-z0-9*?.-]+):([A-Za-z0-9*?_]+)$/.exec(text.trim()) ?? [];
  if (given === undefined || action === undefined) {
    throw new DeployMarkerError('USAGE', `${flag} must be SERVICE:ACTION, got ${quote(text)}`, {
      hint: `pass for example ${flag} ssm:PutParameter, or ${flag} 'states:Start*'`,
    });
  }
  const lower = given.toLowerCase();
  if (/[*?]/.test(lower)) return `${lower}:${action}`;
  const name = lower.endsWith(SUFFIX) ? lower.slice(0, -SUFFIX.length) : lower;
  const service = serviceCalled(name) ?? (name === lower ? undefined : name);
  if (service === undefined) throw noEventSource(name, flag);
  return `${service}:${action}`;
}

/** What CloudTrail calls a service, given its name or an everyday one; undefined if it is not known. */
export function serviceCalled(name: string): string | undefined {
  if (KNOWN_SERVICES.includes(name)) return name;
  return Object.hasOwn(EVERYDAY_NAMES, name) ? EVERYDAY_NAMES[name] : undefined;
}

function noEventSource(name: string, flag: string): DeployMarkerError {
  const near = nearestServices(name);
  const offer = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  return new DeployMarkerError(
    'USAGE',
    `${flag} names ${quote(name)}, which no eventSource in CloudTrail is known to be called`,
    { hint: `${offer}to count a service that deploy-marker does not know yet, write ${name}${SUFFIX}` },
  );
}

/** Services whose names or everyday names are near to a word that is none. */
export function nearestServices(name: string): readonly string[] {
  const everyday = findNear(name, Object.keys(EVERYDAY_NAMES)).flatMap(each => EVERYDAY_NAMES[each] ?? []);
  return [...new Set([...findNear(name, KNOWN_SERVICES), ...everyday])].slice(0, MOST_OFFERED);
}
