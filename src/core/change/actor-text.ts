import type { Actor, ActorKind } from './change.ts';

/** What tells who made a call; an actor of a report or of a change. */
export type ToldActor = Pick<Actor, 'kind' | 'name'> &
  Partial<Readonly<Record<'role' | 'session' | 'via', string | undefined>>>;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
const IDENTITY = /^arn:[^:]*:(?:iam|sts):[^:]*:([^:]*):(.+)$/s;
const SESSION = /^assumed-role\/(?=[^/]+\/.)/;

/** People whose ARN does not show that they are some. */
const BY_KIND: readonly ActorKind[] = ['identity-center', 'human-role', 'console'];

/**
 * Who made a call, whole and for people: `role/session`, `user/NAME`, `root of ACCOUNT`, a service; the account of others
 * than `account`'s own, and the service that passed the call on.
 *
 * @param account in which the call changed something
 */
export function describeActor(actor: ToldActor, account?: string): string {
  const { kind, name, role, session, via } = actor;
  const [, owner = '', resource = name] = IDENTITY.exec(name) ?? [];
  const who =
    kind !== 'root' && role !== undefined && session !== undefined
      ? `${role}/${session}`
      : resource.replace(SESSION, '');
  const isOfOther = owner !== '' && (kind === 'root' || (account !== undefined && owner !== account));
  const isTold = !BY_KIND.includes(kind) && resource !== name;
  const isPlain = isTold || kind === 'root' || kind === 'session' || kind === 'service';
  return [
    who,
    isPlain ? '' : ` (${kind})`,
    isOfOther ? ` of ${owner}` : '',
    via === undefined || via === who ? '' : ` via ${via}`,
  ].join('');
}

/** What `role/session`, `user/NAME` or `root` an ARN of IAM or STS stands for; any other text as it is. */
export function describeIdentityArn(arn: string): string {
  const [, , resource = arn] = IDENTITY.exec(arn) ?? [];
  return resource.replace(SESSION, '');
}
