import type { RecorderState } from '../../core/investigate/recorded-change.ts';
import type { Recorder } from './shapes.ts';

/** What is recorded of a type where `allSupported` leaves global types out. https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html */
const GLOBAL = /^AWS::IAM::(?:Group|Policy|Role|User)$/;

/** What the recorders of an account and Region do about a type. */
export function readRecorders(
  recorders: readonly Recorder[],
  statuses: readonly { readonly recording?: boolean | undefined }[],
  type: string,
): RecorderState {
  const [first] = recorders;
  const frequency = first === undefined ? 'continuous' : frequencyOf(first, type);
  if (first === undefined) return { state: 'none', frequency };
  const recording = recorders.find(recorder => isRecorded(recorder, type));
  if (recording === undefined) return { state: 'other-types', frequency };
  if (statuses.length > 0 && !statuses.some(status => status.recording === true)) {
    return { state: 'stopped', frequency };
  }
  return { state: 'recording', frequency: frequencyOf(recording, type) };
}

function isRecorded({ recordingGroup: group }: Recorder, type: string): boolean {
  // Without a group all types that are supported are recorded, but for the global ones.
  if (group === undefined) return !GLOBAL.test(type);
  const { recordingStrategy, exclusionByResourceTypes: excluded, allSupported = false } = group;
  const strategy = recordingStrategy?.useOnly;
  if (strategy === 'EXCLUSION_BY_RESOURCE_TYPES') return !(excluded?.resourceTypes ?? []).includes(type);
  if (strategy === 'INCLUSION_BY_RESOURCE_TYPES' || !allSupported) {
    return (group.resourceTypes ?? []).includes(type);
  }
  return !GLOBAL.test(type) || group.includeGlobalResourceTypes === true;
}

function frequencyOf({ recordingMode: mode }: Recorder, type: string): RecorderState['frequency'] {
  const override = mode?.recordingModeOverrides?.find(each => each.resourceTypes.includes(type));
  return (override?.recordingFrequency ?? mode?.recordingFrequency) === 'DAILY' ? 'daily' : 'continuous';
}
