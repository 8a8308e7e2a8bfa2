import { isShown } from '../../core/component/shown.ts';
import { isUnknown } from '../../core/component/spellings.ts';
import type { Target } from '../../core/deploy/deploy.ts';
import type { CoverageQuestion } from '../../core/findings/coverage.ts';
import type { ServiceChoice } from '../../core/services/choice.ts';
import type { AuditFlags } from './audit.flags.ts';
import type { AuditFiles } from './files.ts';

/** What there is to be in a scope. */
export interface ScopeContent {
  readonly services: ServiceChoice;
  /** Components of changes. */
  readonly seen: Iterable<string>;
  /** Whether one of those changes is in scope. */
  readonly isMet: boolean;
  /** Components of deploys. */
  readonly named: readonly Target[];
}

/**
 * Whether the scope fits anything that was looked at: components whose calls do not name them are in every scope, and of what is
 * of another service than those that were read, no change is seen.
 */
export function scopeOf(
  { scope: title }: AuditFlags,
  { isInScope }: AuditFiles,
  { services, seen, isMet, named }: ScopeContent,
): CoverageQuestion['scope'] {
  if (title === undefined) return undefined;
  const counts = (target: Target): boolean => isInScope(target.component, target);
  const isRead = ({ component }: Target): boolean => isShown(component, services);
  const read = named.filter(target => isRead(target) && !isUnknown(target.component));
  const unread = named.filter(target => counts(target) && !isRead(target));
  return {
    title,
    components: new Set([...seen, ...read.map(({ component }) => component)]).size,
    isMet: isMet || read.some(counts),
    unread: [...new Set(unread.map(({ component }) => component))].sort(),
  };
}
