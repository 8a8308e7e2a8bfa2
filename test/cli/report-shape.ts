import * as z from 'zod/mini';
import { RULES, STANDINGS } from '../../src/core/correlate/standing.ts';
import { FINDING_KINDS, type Report } from '../../src/core/findings/report.ts';
import { GAP_KINDS } from '../../src/core/source/gap.ts';

const text = z.string().check(z.minLength(1));
const time = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/));
const count = z.int().check(z.nonnegative());

const source = z.strictObject({
  source: text,
  side: z.enum(['markers', 'changes']),
  records: count,
  newest: z.exactOptional(text),
  complete: z.boolean(),
  error: z.exactOptional(z.strictObject({ code: text, message: text })),
});

const deploy = z.strictObject({
  deploy_id: text,
  env: text,
  components: z.array(text),
  account: z.exactOptional(text),
  region: z.exactOptional(text),
  git_sha: text,
  status: z.enum(['pending', 'running', 'success', 'failed', 'canceled']),
  kind: z.enum(['deploy', 'rollback', 'hotfix', 'config']),
  role_session_name: z.exactOptional(text),
  role_arn: z.exactOptional(text),
  actor: text,
  started_at: z.exactOptional(time),
  deployed_at: z.exactOptional(time),
  window: z.strictObject({ from: time, until: time, assumed_start: z.boolean() }),
  state: z.enum(['changed', 'waiting', 'missing', 'empty', 'running', 'unfinished', 'unseen']),
  changes: count,
  uids: z.array(text),
  triggered_by: z.exactOptional(text),
  repository: z.exactOptional(text),
  ref: z.exactOptional(text),
  commit_url: z.exactOptional(text),
  previous_git_sha: z.exactOptional(text),
  target_version: z.exactOptional(text),
  reason: z.exactOptional(text),
  approved_by: z.exactOptional(text),
  url: z.exactOptional(text),
});

const explanation = z.strictObject({
  uid: text,
  actor: text,
  reason: text,
  recorded_at: time,
  triggered_by: z.exactOptional(text),
  approved_by: z.exactOptional(text),
  url: z.exactOptional(text),
});

const change = z.strictObject({
  event_id: text,
  time,
  account: text,
  region: text,
  service: text,
  action: text,
  component: text,
  also: z.exactOptional(z.array(text)),
  actor: z.strictObject({
    kind: z.enum([
      'session',
      'service',
      'identity-center',
      'human-role',
      'console',
      'iam-user',
      'root',
      'federated-user',
      'unknown',
    ]),
    name: text,
    role: z.exactOptional(text),
    session: z.exactOptional(text),
    via: z.exactOptional(text),
  }),
  standing: z.enum(STANDINGS),
  rule: z.exactOptional(z.enum(RULES)),
  deploys: z.array(text),
  note: z.exactOptional(text),
  explanation: z.exactOptional(explanation),
});

const finding = z.strictObject({
  id: text,
  kind: z.enum(FINDING_KINDS),
  message: text,
  time,
  component: text,
  also: z.exactOptional(z.array(text)),
  account: z.exactOptional(text),
  region: z.exactOptional(text),
  action: z.exactOptional(text),
  actor: z.exactOptional(text),
  event_id: z.exactOptional(text),
  deploy_id: z.exactOptional(text),
  explanation: z.exactOptional(explanation),
  fails: z.boolean(),
  accepted: z.exactOptional(text),
  new: z.exactOptional(z.boolean()),
});

const integrity = z.strictObject({
  source: text,
  account: text,
  region: text,
  digests: count,
  logs: count,
  pending: count,
  faults: count,
});

const gap = z.strictObject({
  kind: z.enum(GAP_KINDS),
  subject: text,
  message: text,
  count: z.exactOptional(count),
  incomplete: z.boolean(),
  late: z.exactOptional(z.literal(true)),
});

const judgedBy = z.strictObject({
  tool: text,
  fail_on: z.array(z.enum(FINDING_KINDS)),
  settings: z.array(
    z.strictObject({
      flag: text,
      values: z.array(text),
      from: z.enum(['flag', 'environment', 'file', 'default']),
      unset: z.exactOptional(text),
    }),
  ),
  files: z.array(
    z.strictObject({ flag: text, path: text, sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  ),
  accounts: z.array(text),
  run: z.exactOptional(
    z.strictObject({
      system: text,
      repository: z.exactOptional(text),
      ref: z.exactOptional(text),
      git_sha: z.exactOptional(text),
      triggered_by: z.exactOptional(text),
      url: z.exactOptional(text),
    }),
  ),
});

/** The published shape of `--json`, field by field; a field that is not in it is refused. The type holds it to `Report`. */
export const REPORT_SHAPE: z.ZodMiniType<Report> = z.strictObject({
  version: z.literal(1),
  command: z.enum(['trace', 'audit']),
  generated_at: time,
  from: time,
  until: time,
  question: z.record(text, text),
  not_seen: z.exactOptional(
    z.strictObject({
      component: text,
      near: z.array(text),
      elsewhere: z.exactOptional(z.array(text)),
      services: z.array(text),
    }),
  ),
  judged_by: z.exactOptional(judgedBy),
  complete: z.boolean(),
  sources: z.array(source),
  gaps: z.array(gap),
  totals: z.strictObject({
    deploys: count,
    changes: count,
    standings: z.strictObject({
      explained: count,
      attested: count,
      'aws-service': count,
      ambiguous: count,
      coincident: count,
      unexplained: count,
    }),
  }),
  deploys: z.array(deploy),
  changes: z.array(change),
  findings: z.exactOptional(z.array(finding)),
  integrity: z.exactOptional(z.array(integrity)),
});
