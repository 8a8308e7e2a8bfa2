import { type Fields, textOf } from '../base/fields.ts';
import type { ActorKind } from './change.ts';

/** Who is behind an identity of which CloudTrail tells an id and not all. */
export interface Principal {
  /** As ARN and id tell; undefined where neither does. */
  readonly kind: ActorKind | undefined;
  /** Session of a role. */
  readonly session: string | undefined;
  /** Something that people can look for. */
  readonly name: string | undefined;
}

// Roles begin with AROA, users with AIDA; the root user's id is its account's.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (unique identifiers)
const FORMS: readonly { readonly form: RegExp; readonly kind: ActorKind; readonly says: string }[] = [
  { form: /^(AROA\w+):(.+)$/, kind: 'session', says: 'session $2 of the role $1' },
  { form: /^(AIDA\w+)$/, kind: 'iam-user', says: 'the user $1' },
  { form: /^(\d{12}):(.+)$/, kind: 'federated-user', says: 'the federated user $2' },
  { form: /^\d{12}$/, kind: 'root', says: 'the root user' },
];

/** Whether the id is that of a user, or of a session. */
export function isCaller(id: string | undefined): boolean {
  return id !== undefined && /^(?:AIDA\w+$|AROA\w+:.)/.test(id);
}

const ARNS: readonly { readonly form: RegExp; readonly kind: ActorKind }[] = [
  { form: /:assumed-role\/|:role\//, kind: 'session' },
  { form: /:user\//, kind: 'iam-user' },
  { form: /:federated-user\//, kind: 'federated-user' },
  { form: /:root$/, kind: 'root' },
];

/**
 * Reads the id of an identity. What CloudTrail tells of another account's caller may be `AROA…:SESSION`, `AIDA…`, or only the
 * account. The kind is that of its ARN, or else of the id: it counts where the type does not tell.
 */
export function readPrincipal(identity: Fields): Principal {
  const id = textOf(identity['principalId']);
  const account = textOf(identity['accountId']);
  const arn = textOf(identity['arn']);
  const known = id === undefined ? undefined : FORMS.find(({ form }) => form.test(id));
  const session = id !== undefined && known?.kind === 'session' ? known.form.exec(id)?.[2] : undefined;
  const kind = ARNS.find(({ form }) => arn !== undefined && form.test(arn))?.kind ?? known?.kind;
  if (identity['type'] !== 'AWSAccount') return { kind, session, name: id };
  const says =
    id === undefined || known === undefined ? (id ?? 'somebody') : id.replace(known.form, known.says);
  return { kind, session, name: account === undefined ? says : `${says} in the account ${account}` };
}
