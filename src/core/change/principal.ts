import { type Fields, textOf } from '../base/fields.ts';
import type { ActorKind } from './change.ts';

/** Who is behind an identity of which CloudTrail tells an id and not all. */
export interface Principal {
  /** Of a caller of another account; undefined where nothing tells. */
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

const ARNS: readonly { readonly form: RegExp; readonly kind: ActorKind }[] = [
  { form: /:assumed-role\/|:role\//, kind: 'session' },
  { form: /:user\//, kind: 'iam-user' },
  { form: /:federated-user\//, kind: 'federated-user' },
  { form: /:root$/, kind: 'root' },
];

/**
 * Reads the id of an identity. What CloudTrail tells of another account's caller may be `AROA…:SESSION`, `AIDA…`, or only the
 * account; for identities of a type of their own, the kind is left to the type.
 */
export function readPrincipal(identity: Fields): Principal {
  const id = textOf(identity['principalId']);
  const account = textOf(identity['accountId']);
  const arn = textOf(identity['arn']);
  const known = id === undefined ? undefined : FORMS.find(({ form }) => form.test(id));
  const session = id !== undefined && known?.kind === 'session' ? known.form.exec(id)?.[2] : undefined;
  if (identity['type'] !== 'AWSAccount') return { kind: undefined, session, name: id };
  const says =
    id === undefined || known === undefined ? (id ?? 'somebody') : id.replace(known.form, known.says);
  const kind = ARNS.find(({ form }) => arn !== undefined && form.test(arn))?.kind ?? known?.kind;
  return { kind, session, name: account === undefined ? says : `${says} in the account ${account}` };
}
