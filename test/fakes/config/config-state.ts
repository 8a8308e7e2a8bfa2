/** A configuration item, as GetResourceConfigHistory answers it; times are milliseconds. */
export interface FakeItem {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly resourceName?: string;
  readonly capturedAt: number;
  /** Default `OK`. */
  readonly status?: string;
  readonly arn?: string;
  /** Without it the item has none, as that of a deleted resource. */
  readonly configuration?: object;
  readonly supplementaryConfiguration?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly relatedEvents?: readonly string[];
  readonly recordingFrequency?: 'CONTINUOUS' | 'DAILY';
}

/** A recorder; by default it records all types but the global ones. */
export interface FakeRecorder {
  readonly name: string;
  /** Default true. */
  readonly recording?: boolean;
  readonly recordingGroup?: object;
  readonly recordingMode?: object;
}

/** AWS Config of one account and Region; without a recorder nothing of it can be asked. */
export interface ConfigState {
  readonly recorders: FakeRecorder[];
  readonly items: FakeItem[];
}

/** Config that records, and has recorded nothing. */
export function createConfigState(items: readonly FakeItem[] = []): ConfigState {
  return { recorders: [{ name: 'default' }], items: [...items] };
}
