import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { detectCi } from '../../ci/detect.ts';
import { FALLBACK_FILE } from '../../config/config-file.ts';
import { quote } from '../../core/base/quote.ts';
import type { Change } from '../../core/change/change.ts';
import { placeOfChange } from '../../core/change/global.ts';
import { isInPlace, placeAsked, type ToldPlace } from '../../core/component/asked-place.ts';
import { findByName, findNearComponents, isSeen } from '../../core/component/bare-name.ts';
import { type ComponentPlace, isComponent } from '../../core/component/component.ts';
import { componentKey } from '../../core/component/key.ts';
import { serviceOfComponent, standsFor } from '../../core/component/spellings.ts';
import { targetOf } from '../../core/deploy/deploy.ts';
import type { Report } from '../../core/findings/report.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { isAll, type ServiceChoice } from '../../core/services/choice.ts';
import { isName } from '../../core/services/thing-name.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { findKindFault, requireKnownKind } from '../places/known-kind.ts';

/** The component that somebody asks for. */
export interface AskedComponent {
  /** As it was given; undefined where all are asked for. */
  readonly text: string | undefined;
  /** It is a name without a kind: what it stands for is known when the sources have been read. */
  readonly isBare: boolean;
  /** Account and Region that an ARN tells. */
  readonly place: ComponentPlace | undefined;
}

/**
 * Reads the component of a question, which stands on the command line by itself or behind `--component`: `kind:name`, an ARN, or
 * a name alone.
 *
 * @throws DeployMarkerError USAGE for several, for an empty one, and where the two differ
 */
export function readAskedComponent(flag: string | undefined, positionals: readonly string[]): AskedComponent {
  const [first, second] = positionals;
  if (second !== undefined) {
    throw new DeployMarkerError(
      'USAGE',
      `one component can be asked for, got ${positionals.map(quote).join(' and ')}`,
      {
        hint: 'ask for one after the other, or leave them out for all',
      },
    );
  }
  if (first?.trim() === '') {
    throw new DeployMarkerError('USAGE', 'the component is given, but it is empty', {
      hint: 'see whether a variable in the call is not set; leave it out to ask for all',
    });
  }
  if (first !== undefined && flag !== undefined && first !== flag) {
    throw new DeployMarkerError(
      'USAGE',
      `both ${quote(first)} and --component ${quote(flag)} are asked for`,
      {
        hint: 'leave out one of them',
      },
    );
  }
  const text = first ?? flag;
  const isBare = text !== undefined && !text.includes(':') && isName(text) && !isComponent(text);
  return { text, isBare, place: text === undefined ? undefined : placeAsked(text) };
}

/** As many places are named in which something else has the name. */
const MOST_PLACES = 8;

/** What the sources gave of which a component may be one. */
export interface SeenThings {
  readonly changes: Iterable<Change>;
  readonly markers: Iterable<Marker>;
}

/** A component that was asked for, after the sources have been read. */
export interface SettledComponent {
  /** In the spelling that changes have; a bare name that was not seen stays as it is. */
  readonly component: string;
  /** Set where nothing of it is in what was read. */
  readonly notSeen?: NonNullable<Report['not_seen']>;
}

/**
 * Finds what a bare name stands for in what was read, and whether anything of the component was seen. What else has the name is
 * told on stderr.
 *
 * @throws DeployMarkerError USAGE where several things have the name and none of them is a function or a stack, where only markers tell
 *   of it and the changes of its service were not read, and where nothing of a kind was seen that nothing which changes has
 */
export function settleComponent(
  asked: Pick<AskedComponent, 'isBare' | 'place'> & { readonly text: string },
  things: SeenThings,
  { services, out }: { readonly services: ServiceChoice } & Pick<CommandContext, 'out'>,
): SettledComponent {
  const seen = seenComponents(things, told => isInPlace(asked.place, told));
  const component = asked.isBare ? nameToComponent(asked.text, seen, out) : componentKey(asked.text);
  if (component !== undefined && isSeen(component, seen)) {
    if (asked.isBare) requireRead(asked.text, component, services);
    const fault = findKindFault(component, services);
    if (fault !== undefined) out.warn(fault.message);
    return { component };
  }
  if (component !== undefined) requireKnownKind(component, services, seen);
  const elsewhere = asked.place === undefined ? [] : namesakePlaces(componentKey(asked.text), things);
  const near = findNearComponents(asked.text, asked.place === undefined ? seen : seenComponents(things));
  const notSeen = {
    component: asked.text,
    near: near.filter(each => elsewhere.length === 0 || each !== component),
    ...(elsewhere.length === 0 ? {} : { elsewhere }),
    services: isAll(services) ? [services] : [...services],
  };
  return { component: component ?? asked.text, notSeen };
}

function seenComponents(things: SeenThings, counts: (place: ToldPlace) => boolean = () => true): Set<string> {
  const seen = new Set<string>();
  for (const [component, place] of eachSeen(things)) if (counts(place)) seen.add(component);
  return seen;
}

/** Where something of that name was seen, which is not where an ARN says. */
function namesakePlaces(component: string, things: SeenThings): string[] {
  const places = new Set<string>();
  for (const [seen, { account, region }] of eachSeen(things)) {
    if (standsFor(component, seen)) places.add([account, region].filter(Boolean).join(' '));
  }
  return [...places].filter(place => place !== '').slice(0, MOST_PLACES);
}

function* eachSeen({
  changes,
  markers,
}: SeenThings): Generator<readonly [component: string, place: ToldPlace]> {
  for (const change of changes) {
    const { component, others = [] } = change;
    const place = placeOfChange(change);
    yield [component, place];
    for (const other of others) yield [other, place];
  }
  for (const marker of markers) {
    const target = targetOf(marker);
    yield [target.component, target];
  }
}

function nameToComponent(
  name: string,
  seen: ReadonlySet<string>,
  out: CommandContext['out'],
): string | undefined {
  const { component, others } = findByName(name, seen);
  if (component === undefined && others.length > 0) {
    throw new DeployMarkerError('USAGE', `${quote(name)} is ${others.join(', ')}: which one is meant?`, {
      hint: `ask for ${others[0]}`,
    });
  }
  if (component !== undefined) {
    const also = others.length === 0 ? '' : `; ${others.join(', ')} is called so, too, and not shown`;
    out.note(`note: ${quote(name)} is taken for ${component}${also}`);
  }
  return component;
}

function requireRead(name: string, component: string, services: ServiceChoice): void {
  const service = serviceOfComponent(component);
  if (service === undefined || isAll(services) || services.includes(service)) return;
  const message = `${quote(name)} is ${component} in the markers, and changes of ${service} were not read`;
  throw new DeployMarkerError('USAGE', message, { hint: `ask for ${component}, which reads them` });
}

/**
 * The flags with the file that `emit` writes by itself outside CI, where it is there and nothing names other markers; stderr says
 * so. The audit of a CI job names its markers: what a checkout brings along is no evidence there.
 */
export function withLocalMarkers<T extends { readonly markers: readonly string[] }>(
  flags: T,
  { io, out }: CommandContext,
  question: Report['command'],
): T {
  if (flags.markers.length > 0 || (question === 'audit' && detectCi(io.env) !== undefined)) return flags;
  if (!existsSync(resolve(io.cwd, FALLBACK_FILE))) return flags;
  out.note(`note: markers are read from ${FALLBACK_FILE}, since nothing else is named`);
  return { ...flags, markers: [FALLBACK_FILE] };
}
