import type { StackDrift, StackMember } from '../../aws/cloudformation/stack-drift.ts';
import { stackTagsOf } from '../../core/investigate/config-item.ts';
import { type Place, subjectsOf } from '../../core/investigate/config-types.ts';
import type { Drift } from '../../core/investigate/drift.ts';
import type { Recording } from '../../core/investigate/recorded-change.ts';

/** The stack that owns a component, with all its members, and which of them the component is. */
export interface Owner {
  readonly foundBy: Drift['found_by'];
  readonly members: readonly StackMember[];
  /** Undefined for a stack itself. */
  readonly logicalId: string | undefined;
}

/** What is known of a component before its stack is looked for. */
export interface OwnerQuestion {
  readonly component: string;
  readonly place: Place;
  /** With the tags of the resource; it is awaited only where CloudFormation does not know the resource by its name. */
  readonly recording: Promise<Recording | undefined>;
  /** Labels `stack` of its markers, the latest first. */
  readonly labels: readonly string[];
  readonly signal: AbortSignal;
}

/** Finds the owning stack: by CloudFormation's own list, by the resource's tags, by a marker's label. Undefined where none is known. */
export async function findOwner(stacks: StackDrift, question: OwnerQuestion): Promise<Owner | undefined> {
  const { component, place, signal } = question;
  if (component.startsWith('stack:')) {
    const members = await stacks.describe(component.slice('stack:'.length), signal);
    return members === undefined ? undefined : { foundBy: 'component', members, logicalId: undefined };
  }
  const subjects = subjectsOf(component, place);
  const ids = new Set(subjects.map(({ physicalId }) => physicalId));
  for (const id of ids) {
    const members = await stacks.findOwner(id, signal);
    const member = members?.find(({ physicalId }) => physicalId === id);
    if (members !== undefined && member !== undefined) {
      return { foundBy: 'stack-resources', members, logicalId: member.logicalId };
    }
  }
  return (await byTags(stacks, question)) ?? byLabel(stacks, question, ids);
}

async function byTags(stacks: StackDrift, { recording, signal }: OwnerQuestion): Promise<Owner | undefined> {
  const item = (await recording)?.items.findLast(({ status }) => status !== 'deleted');
  const tags = item === undefined ? undefined : stackTagsOf(item);
  const stack = tags?.stackId ?? tags?.stackName;
  if (stack === undefined) return undefined;
  const members = await stacks.describe(stack, signal);
  const member = members?.find(({ logicalId }) => logicalId === tags?.logicalId);
  if (members === undefined || member === undefined) return undefined;
  return { foundBy: 'tags', members, logicalId: member.logicalId };
}

async function byLabel(
  stacks: StackDrift,
  { labels, signal }: OwnerQuestion,
  ids: ReadonlySet<string>,
): Promise<Owner | undefined> {
  for (const label of labels) {
    const members = await stacks.describe(label, signal);
    const member = members?.find(({ physicalId }) => ids.has(physicalId));
    if (members !== undefined && member !== undefined) {
      return { foundBy: 'marker', members, logicalId: member.logicalId };
    }
  }
  return undefined;
}
