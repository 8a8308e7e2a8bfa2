import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { isAll } from '../../core/services/choice.ts';
import type { CommandContext } from '../command.ts';
import { firstRegion } from '../trail/accounts.ts';
import type { Judging } from '../trail/judge.ts';
import { isBucket, needsRegion, toSource } from '../trail/sources.ts';
import type { AuditFlags } from './audit.flags.ts';

/**
 * What an audit asks, by flag: which changes of which places are judged. A `--state` is kept for one question; the time that it says
 * is judged was not judged for another one. Rules and what fails are no part of it.
 */
export function auditQuestion(
  flags: AuditFlags,
  {
    services,
    ignored = [],
    scope,
  }: Pick<Judging, 'services' | 'ignored'> & { readonly scope: readonly string[] },
  context: CommandContext,
): Readonly<Record<string, string>> {
  const asked: Readonly<Record<string, readonly string[]>> = {
    services: isAll(services) ? [services] : services,
    ignore: ignored,
    changes: flags.changes.length === 0 ? ['event-history'] : flags.changes.map(plainly),
    markers: flags.markers.map(plainly),
    region: askedRegions(flags, context),
    account: flags.account,
    'event-source': flags['event-source'] === undefined ? [] : [flags['event-source']],
    scope: scope.length === 0 ? [] : [digest(scope)],
  };
  const filled = Object.entries(asked).filter(([, values]) => values.length > 0);
  return Object.fromEntries(filled.map(([flag, values]) => [flag, [...new Set(values)].sort().join(' ')]));
}

/** The time as it was asked for. */
export function spanAsked({ since, until }: AuditFlags): Readonly<Record<string, string>> {
  return { since, ...withoutUndefined({ until }) };
}

/** The Regions that are asked, also where nobody named one; none where nothing that is read is in a Region. @throws DeployMarkerError USAGE */
export function askedRegions(flags: AuditFlags, context: CommandContext): readonly string[] {
  return flags.region.length > 0 || !needsRegion(flags) ? flags.region : [firstRegion(flags, context)];
}

/** One spelling of a path; ids and names of log groups stay as they are. */
function plainly(source: string): string {
  if (/^(?:lake|logs):/.test(source)) return source;
  if (isBucket(source)) return toSource(source);
  return posix.normalize(source).replace(/(.)\/$/, '$1');
}

/** Its order means nothing. A scope may be long, and nobody has to read it here. */
function digest(patterns: readonly string[]): string {
  const text = [...new Set(patterns)].sort().join('\n');
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);
}
