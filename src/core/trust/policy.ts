import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from '../base/quote.ts';
import { isTrustDocument, readTrustDocument, toList } from './document.ts';

/** One test in a statement's Condition, for one key: it holds when the key fits one of the wanted values. */
export interface TrustCondition {
  /** As written, for example `ForAnyValue:StringLike`. */
  readonly operator: string;
  readonly key: string;
  /** As written: text, or what else JSON knows. */
  readonly wanted: readonly unknown[];
}

/** One statement of a trust policy. */
export interface TrustStatement {
  /** Its Sid in quotes, or `statement 2`, counted from 1. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** As written; undefined where the statement has NotPrincipal. */
  readonly principal: unknown;
  readonly actionElement: 'Action' | 'NotAction';
  readonly actions: readonly string[];
  readonly conditions: readonly TrustCondition[];
  /** Names of elements that nothing here judges, those of the whole policy included. */
  readonly strangers: readonly string[];
}

/** Who may assume a role, and when: the statements of its trust policy. */
export interface TrustPolicy {
  /** Whether `${…}` in a value is a policy variable: from version 2012-10-17 on. */
  readonly hasVariables: boolean;
  readonly statements: readonly TrustStatement[];
}

const POLICY_ELEMENTS = ['Version', 'Id', 'Statement'];
const STATEMENT_ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'Condition'];

/**
 * Parses the trust policy of a role: the bare document, URL-encoded or not, or what `aws iam get-role` prints.
 *
 * What IAM would refuse for its grammar is refused here, a Sid that is there twice included; an element that is only unknown
 * is kept by name.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
 *
 * @param source what the text is, for messages: `the trust policy`, or where it comes from.
 * @throws DeployMarkerError TRUST_POLICY_INVALID that says what the text is instead, never repeating more than one value.
 */
export function parseTrustPolicy(text: string, source = 'the trust policy'): TrustPolicy {
  const refuse = (why: string): never => {
    throw new DeployMarkerError('TRUST_POLICY_INVALID', `${source} ${why}`);
  };
  const document = readTrustDocument(text, refuse);
  const version = document['Version'] ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17')
    return refuse(`has Version ${quote(version)}; IAM knows 2012-10-17 and 2008-10-17`);
  const statements = toList(document['Statement']);
  if (statements.length === 0) return refuse('has no statement');
  const strangers = Object.keys(document).filter(name => !POLICY_ELEMENTS.includes(name));
  const sids = new Set<string>();
  return {
    hasVariables: version === '2012-10-17',
    statements: statements.map((value, index) => {
      const name = `statement ${index + 1}`;
      const statement = parseStatement(value, name, sids, why => refuse(`does not hold: ${name} ${why}`));
      return { ...statement, strangers: [...strangers, ...statement.strangers] };
    }),
  };
}

function parseStatement(
  value: unknown,
  name: string,
  sids: Set<string>,
  refuse: (why: string) => never,
): TrustStatement {
  if (!isTrustDocument(value)) return refuse('is not an object');
  const { Sid: sid = '', Effect: effect, Principal: principal, Action, NotAction, Condition = {} } = value;
  if (effect !== 'Allow' && effect !== 'Deny')
    return refuse(`has Effect ${quote(effect ?? null)}, not "Allow" or "Deny"`);
  if (principal === undefined && !('NotPrincipal' in value))
    return refuse('has no Principal, so this is a permissions policy, which says what a role may do');
  if ('Resource' in value || 'NotResource' in value)
    return refuse('has a Resource, so this is the policy of a resource; the trust policy of a role has none');
  if (typeof sid !== 'string' || /[\W_]/.test(sid))
    return refuse(`has Sid ${quote(sid)}, not letters and digits`);
  if (sid && sids.size === sids.add(sid).size) return refuse(`has Sid ${quote(sid)} again`);
  const actionElement = Action === undefined ? 'NotAction' : 'Action';
  const listed = toList(Action ?? NotAction);
  const actions = listed.filter(action => typeof action === 'string');
  if (actions.length === 0 || actions.length < listed.length)
    return refuse(`has ${actionElement} ${quote(value[actionElement] ?? null)}, not a list of actions`);
  const known = [...STATEMENT_ELEMENTS, actionElement];
  return {
    name: sid ? quote(sid) : name,
    effect,
    principal,
    actionElement,
    actions,
    conditions: parseConditions(Condition, refuse),
    strangers: Object.keys(value).filter(name => !known.includes(name)),
  };
}

function parseConditions(value: unknown, refuse: (why: string) => never): TrustCondition[] {
  if (!isTrustDocument(value)) return refuse('has a Condition that is not an object');
  return Object.entries(value).flatMap(([operator, block]) =>
    isTrustDocument(block)
      ? Object.entries(block).map(([key, wanted]) => ({ operator, key, wanted: toList(wanted) }))
      : refuse(`has no keys under ${quote(operator)}`),
  );
}
