import { childOf, type Structure } from './structure.ts';

/** What Config says of a resource at one time. */
export interface ConfigItem {
  /** When it was captured; milliseconds since the epoch. */
  readonly time: number;
  readonly status: ItemStatus;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly arn: string | undefined;
  /** Ids of the CloudTrail events behind it; mostly none. */
  readonly events: readonly string[];
  readonly frequency: 'continuous' | 'daily';
  /** `configuration`, with `supplementary` and `tags` beside it; null where Config gives none. */
  readonly content: Structure;
}

/**
 * What the item means.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html (configurationItemStatus)
 */
export type ItemStatus = 'recorded' | 'discovered' | 'deleted' | 'not-recorded';

/** The stack that a resource says it belongs to, by the tags that only CloudFormation can set. */
export interface StackTags {
  readonly stackId: string | undefined;
  readonly stackName: string | undefined;
  readonly logicalId: string | undefined;
}

/** Reads the tags of an item. Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
export function stackTagsOf({ content }: ConfigItem): StackTags | undefined {
  const read = (name: string): string | undefined => textOfTag(content, `aws:cloudformation:${name}`);
  const [stackId, stackName] = [read('stack-id'), read('stack-name')];
  if (stackId === undefined && stackName === undefined) return undefined;
  return { stackId, stackName, logicalId: read('logical-id') };
}

function textOfTag(content: Structure, name: string): string | undefined {
  const tag = childOf(childOf(content, 'tags'), name);
  return typeof tag === 'string' && tag !== '' ? tag : undefined;
}
