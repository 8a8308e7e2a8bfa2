import type { Actor } from '../change/change.ts';
import type { Marker } from '../marker/marker.ts';

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
