import { quote } from '../base/quote.ts';
import type { Actor, Change } from '../change/change.ts';
import type { Attestation } from '../deploy/deploy.ts';
import { type Marker, makerOf } from '../marker/marker.ts';
import { recordedAtOf } from '../marker/stored.ts';

/** Clocks of a CI job and of AWS differ by less. */
const SKEW = 5 * 60_000;

/**
 * Why an explanation does not count, as it goes on after `explained by`; undefined if it does. Nobody knows the id of a call before it
 * is made, so that an earlier explanation was made up, or tells a wrong time.
 */
export function whyNotCounting(marker: Attestation, { actor, time }: Change): string | undefined {
  if (isOwnExplanation(marker, actor))
    return `${quote(makerOf(marker))}, who made it, so that it does not count`;
  return recordedAtOf(marker) < time - SKEW
    ? `${quote(makerOf(marker))} before it was made, so that it does not count`
    : undefined;
}

/**
 * Whether the marker was made by whom the actor stands for, by what it says of itself: who deployed, who started the run, the
 * session. Names are compared without case; of an ARN its last part counts too, and of an e-mail address what stands before `@`.
 * Whoever writes a marker chooses what it says, so that this keeps honest people from explaining their own changes, and nobody else.
 */
export function isOwnExplanation(marker: Marker, { name, session }: Actor): boolean {
  const actors = new Set([name, session].flatMap(namesOf));
  return [marker.actor, marker.triggered_by, marker.role_session_name]
    .flatMap(namesOf)
    .some(own => actors.has(own));
}

function namesOf(name: string | undefined): string[] {
  if (name === undefined || name === '') return [];
  const whole = name.trim().toLowerCase();
  const last = whole.slice(Math.max(whole.lastIndexOf('/'), whole.lastIndexOf(':')) + 1);
  const names = [whole, last, last.split('@')[0] ?? ''];
  return names.filter(each => each !== '');
}
