import type { DriftedMember, StackDrift, StackMember } from '../../aws/cloudformation/stack-drift.ts';
import {
  type Drift,
  type DriftedResource,
  type DriftState,
  type DriftSuspect,
  toDriftDifferences,
} from '../../core/investigate/drift.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import { findOwner, type Owner, type OwnerQuestion } from './owner.ts';
import type { MissingParts } from './parts.ts';

/** How drift is read. */
export interface DriftQuestion extends OwnerQuestion {
  /** Whether CloudFormation looks now, which replaces what it knew. */
  readonly looks: boolean;
  readonly missing: MissingParts;
}

/** Drift before its differences are tied to changes. */
export interface FoundDrift {
  readonly drift: Omit<Drift, 'resources' | 'state'>;
  readonly members: readonly DriftedMember[];
}

const NESTED = 'AWS::CloudFormation::Stack';
/** DescribeStackResources tells of so many resources. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html */
const MOST_MEMBERS = 100;

/** The drift of the stack that owns a component, as far as that is the component's; undefined where no stack is known, or it failed, which is noted. */
export async function readDrift(
  stacks: StackDrift,
  question: DriftQuestion,
): Promise<FoundDrift | undefined> {
  const { component, place, missing, looks } = question;
  const subject = `drift of ${component} in ${place.account} ${place.region}`;
  return missing.attempt(subject, async () => {
    const owner = await findOwner(stacks, question);
    const [first] = owner?.members ?? [];
    if (owner === undefined || first === undefined) {
      const message = `no stack is known to own ${component}: CloudFormation does not list it, and neither its tags in AWS Config nor a marker's label names one`;
      missing.tell({ kind: 'not-seen', subject, message });
      return undefined;
    }
    const own = owner.members.filter(
      ({ logicalId }) => owner.logicalId === undefined || logicalId === owner.logicalId,
    );
    const notes = [...notesOf(owner)];
    const looked = looks ? await look(stacks, owner, first, { question, subject, notes }) : 'not';
    const known = await membersOf(stacks, own, { owner, looked, stackId: first.stackId, subject, question });
    const unseen = known.filter(({ state }) => state === 'not-checked').length;
    if (owner.logicalId === undefined && unseen > 0 && unseen < known.length) {
      notes.push(`${unseen} of ${known.length} resources were not looked at, or cannot be`);
    }
    const members = known.map(each => (looked === 'unsupported' ? { ...each, state: looked } : each));
    const checked = members.flatMap(({ checkedAt }) => checkedAt ?? []);
    // The oldest look counts.
    const oldest = checked.toSorted((a, b) => a - b)[0];
    return {
      drift: {
        ...place,
        stack: first.stack,
        stack_id: first.stackId,
        found_by: owner.foundBy,
        is_new: looked === 'looked',
        ...(oldest === undefined ? {} : { checked_at: formatUtcTime(oldest) }),
        notes,
      },
      members,
    };
  });
}

function notesOf({ members, logicalId }: Owner): string[] {
  if (logicalId !== undefined) return [];
  const nested = members
    .filter(({ type }) => type === NESTED)
    .map(({ physicalId }) => physicalId.split('/')[1] ?? physicalId);
  return [
    ...(nested.length > 0
      ? [
          `nested stacks are looked at by themselves: ask for ${nested.map(name => `stack:${name}`).join(', ')}`,
        ]
      : []),
    ...(members.length >= MOST_MEMBERS
      ? [
          'CloudFormation lists a hundred resources of a stack at once: the rest is told only where it was looked at',
        ]
      : []),
  ];
}

type Look = 'not' | 'looked' | 'unsupported';

/** Has CloudFormation look. @returns whether it did */
async function look(
  stacks: StackDrift,
  { logicalId }: Owner,
  { stackId }: StackMember,
  { question, subject, notes }: { question: DriftQuestion; subject: string; notes: string[] },
): Promise<Look> {
  const { missing, signal } = question;
  const ended = await missing.attempt(subject, () =>
    stacks.detect(stackId, logicalId === undefined ? [] : [logicalId], signal),
  );
  if (ended === undefined) return 'not';
  const reason = ended.reason ?? 'CloudFormation does not say why';
  if (ended.outcome === 'unsupported') {
    notes.push(`CloudFormation does not look at it: ${reason}`);
    return 'unsupported';
  }
  if (ended.outcome === 'complete') return 'looked';
  notes.push(`the look failed in part: ${reason}`);
  missing.wait(subject, `CloudFormation's look failed in part: ${reason}`);
  return 'looked';
}

/** What was looked at is told in full; of the rest only the last known state. */
async function membersOf(
  stacks: StackDrift,
  own: readonly StackMember[],
  at: {
    readonly owner: Owner;
    readonly looked: Look;
    readonly stackId: string;
    readonly subject: string;
    readonly question: DriftQuestion;
  },
): Promise<DriftedMember[]> {
  const isKnown = own.some(({ state }) => state !== 'not-checked' && state !== 'in-sync');
  const { missing, signal } = at.question;
  const asks = at.looked === 'looked' || isKnown;
  const read = (): Promise<readonly DriftedMember[]> =>
    stacks.readDrifts(at.stackId, at.owner.logicalId, signal);
  const drifts = (asks ? await missing.attempt(at.subject, read) : undefined) ?? [];
  const byId = new Map(drifts.map(each => [each.logicalId, each]));
  const listed = own.map(
    (member): DriftedMember =>
      byId.get(member.logicalId) ?? { ...member, differences: [], reason: undefined },
  );
  if (at.owner.logicalId !== undefined) return listed;
  const known = new Set(own.map(({ logicalId }) => logicalId));
  return [...listed, ...drifts.filter(({ logicalId }) => !known.has(logicalId))];
}

/** Ties what was found to the changes that made it. */
export function toDrift({ drift, members }: FoundDrift, suspects: readonly DriftSuspect[]): Drift {
  const isStack = members.length !== 1;
  const told = isStack
    ? members.filter(({ state }) => state === 'modified' || state === 'deleted' || state === 'unknown')
    : members;
  return {
    ...drift,
    state: worstOf(members.map(({ state }) => state)),
    resources: told.map(
      ({ logicalId, physicalId, type, state, differences }): DriftedResource => ({
        logical_id: logicalId,
        physical_id: physicalId,
        type,
        state,
        differences: differences.flatMap(each => toDriftDifferences(each, suspects)),
      }),
    ),
    notes: [
      ...drift.notes,
      ...members.flatMap(({ logicalId, reason }) =>
        reason === undefined ? [] : [`${logicalId}: ${reason}`],
      ),
    ],
  };
}

/** The state of a stack is that of the resource that is worst off; it is in sync if all that can be looked at is. */
const RANKS: readonly DriftState[] = [
  'modified',
  'deleted',
  'unknown',
  'in-sync',
  'not-checked',
  'unsupported',
];

function worstOf(states: readonly DriftState[]): DriftState {
  return RANKS.find(state => states.includes(state)) ?? 'not-checked';
}
