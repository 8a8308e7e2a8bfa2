import type { ConfigItem, ItemStatus } from '../../core/investigate/config-item.ts';
import { type Structure, toStructure } from '../../core/investigate/structure.ts';
import type { RawItem } from './shapes.ts';

const STATUSES: Readonly<Record<string, ItemStatus>> = {
  OK: 'recorded',
  ResourceDiscovered: 'discovered',
  ResourceDeleted: 'deleted',
  ResourceDeletedNotRecorded: 'deleted',
  ResourceNotRecorded: 'not-recorded',
};

/** An item of Config, read once; what it holds may be secret. */
export function toConfigItem(raw: RawItem): ConfigItem {
  return {
    time: raw.configurationItemCaptureTime.getTime(),
    status: STATUSES[raw.configurationItemStatus] ?? 'recorded',
    account: raw.accountId,
    region: raw.awsRegion,
    arn: raw.arn,
    events: raw.relatedEvents ?? [],
    frequency: raw.recordingFrequency === 'DAILY' ? 'daily' : 'continuous',
    content: {
      configuration: toStructure(parse(raw.configuration ?? ''), 'configuration'),
      supplementary: supplementaryOf(raw.supplementaryConfiguration ?? {}),
      tags: toStructure(raw.tags ?? {}, 'tags'),
    },
  };
}

/** Each value is JSON as a text. */
function supplementaryOf(values: Readonly<Record<string, string | null | undefined>>): Structure {
  const parsed = Object.entries(values).map(([name, value]) => [name, parse(value ?? '')] as const);
  return toStructure(Object.fromEntries(parsed), 'supplementary');
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
