import { detectCi } from '../../ci/detect.ts';
import type { Resolved } from '../../config/resolve.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import type {
  FindingKind,
  JudgedBy,
  JudgedFile,
  JudgedSetting,
  JudgingRun,
} from '../../core/findings/report.ts';
import { isAll } from '../../core/services/choice.ts';
import type { Sighting } from '../../core/source/sighting.ts';
import type { Env } from '../../io/io.ts';
import { VERSION } from '../../version.ts';
import { AUDIT_TEXTS } from '../help/audit-text.ts';
import type { Judging } from '../trail/judge.ts';
import { AUDIT_FLAGS, type AuditFlags } from './audit.flags.ts';

/** What the report tells elsewhere, and flags that say where the answer goes: these change nothing of it. */
const TOLD_ELSEWHERE = ['since', 'until', 'fail-on'];
const WAYS_OUT = ['html', 'junit', 'notify-sns', 'notify-slack-env', 'output-location'];
const LEFT_OUT: ReadonlySet<string> = new Set([...TOLD_ELSEWHERE, ...WAYS_OUT]);

/** What an audit was judged by, beside its flags. */
export interface JudgedWith {
  readonly failOn: readonly FindingKind[];
  readonly judging: Pick<Judging, 'services' | 'ignored'>;
  /** Those that were asked, also where nobody named one. */
  readonly regions: readonly string[];
  readonly files: readonly JudgedFile[];
  readonly sightings: readonly Pick<Sighting, 'accounts'>[];
}

/**
 * What somebody has to know who wants the same answer again: each flag that has a part in it with what it stood for, set or not, so
 * that one that comes later is told too.
 *
 * @param flags as they counted, which for markers is more than what was resolved
 */
export function judgedBy(
  flags: AuditFlags,
  { failOn, judging, regions, files, sightings }: JudgedWith,
  { origins, env }: Pick<Resolved<typeof AUDIT_FLAGS>, 'origins'> & { readonly env: Env },
): JudgedBy {
  const { services, ignored = [] } = judging;
  const changes = flags.changes.length === 0 ? ['event-history'] : flags.changes;
  const counted = { ...flags, services: isAll(services) ? [services] : services, ignore: ignored, changes };
  const settings = Object.entries<AuditFlags[keyof AuditFlags]>({ ...counted, region: regions });
  const accounts = new Set(sightings.flatMap(sighting => [...sighting.accounts.keys()]));
  const run = runOf(env);
  return {
    tool: `deploy-marker ${VERSION}`,
    fail_on: failOn,
    settings: settings.flatMap(([flag, value]) =>
      isSetting(flag) && !LEFT_OUT.has(flag) ? [settingOf(flag, toValues(value), origins[flag])] : [],
    ),
    files,
    accounts: [...accounts].filter(account => account !== '').sort(),
    ...withoutUndefined({ run }),
  };
}

function isSetting(flag: string): flag is keyof typeof AUDIT_FLAGS {
  return Object.hasOwn(AUDIT_FLAGS, flag);
}

function toValues(value: AuditFlags[keyof AuditFlags]): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'boolean') return value ? ['true'] : [];
  return value ?? [];
}

function settingOf(
  flag: keyof typeof AUDIT_FLAGS,
  values: readonly string[],
  origin: Resolved<typeof AUDIT_FLAGS>['origins'][keyof typeof AUDIT_FLAGS],
): JudgedSetting {
  const from = origin === 'absent' ? 'default' : origin;
  if (values.length > 0) return { flag, values, from };
  return { flag, values, from, unset: AUDIT_TEXTS[flag].unset ?? 'no' };
}

function runOf(env: Env): JudgingRun | undefined {
  const facts = detectCi(env);
  if (facts === undefined) return undefined;
  const { system, repository, ref, sha: git_sha, triggeredBy: triggered_by, url } = facts;
  return { system, ...withoutUndefined({ repository, ref, git_sha, triggered_by, url }) };
}
