// The library: `import { createMarker } from 'deploy-marker'`. What is named here is public API.

export type { ConnectionOptions } from './aws/client/connection.ts';
export { createLakeSink } from './aws/cloudtrail-data/lake-sink.ts';
export type { LakeSinkOptions } from './aws/cloudtrail-data/sink-options.ts';
export type { AwsCredentials } from './aws/credentials/keys.ts';
export type { SinkRole } from './aws/credentials/sink-role.ts';
export { createLogsSink } from './aws/logs/logs-sink.ts';
export type { LogsSinkOptions } from './aws/logs/sink-options.ts';
export { createS3Sink } from './aws/s3/markers-sink.ts';
export type { S3SinkOptions } from './aws/s3/sink-options.ts';
export type { AssumeRoleOptions } from './aws/sts/assume-role-options.ts';
export { type AssumedRole, assumeRole } from './aws/sts/sts.ts';
export type { Actor, ActorKind, Change, RoleChain, StackCall } from './core/change/change.ts';
export { createRecordReader, type EvidenceSink, type RecordInterests } from './core/change/record.ts';
export {
  type Correlation,
  type CorrelationInput,
  type CorrelationOptions,
  correlate,
} from './core/correlate/correlate.ts';
export type { DeployStanding } from './core/correlate/ledger.ts';
export type { DeployState, Rule, Standing } from './core/correlate/standing.ts';
export type { Verdict } from './core/correlate/verdict.ts';
export { planBatches } from './core/delivery/batches.ts';
export {
  type DeliveredMarker,
  type Delivery,
  DeliveryError,
  type FailedMarker,
} from './core/delivery/delivery.ts';
export type { DeliverOptions, DeliveryPreview, MarkerSink } from './core/delivery/sink.ts';
export type { Attestation, Deploy, Target } from './core/deploy/deploy.ts';
export type { DeployWindow } from './core/deploy/span.ts';
export { type CreateMarkerOptions, createMarker, type MarkerRun } from './core/marker/create.ts';
export {
  type AuditEvent,
  type AuditEventEntry,
  type AuditEventOptions,
  toAuditEvent,
  toAuditEventEntry,
} from './core/marker/event.ts';
export { foldMarkers } from './core/marker/fold.ts';
export type { Marker, MarkerInput, MarkerKind, MarkerStatus } from './core/marker/marker.ts';
export {
  type ComposedSessionName,
  checkSessionName,
  composeSessionName,
  type SessionNameChange,
  type SessionNameParts,
} from './core/session-name.ts';
export { TEMPLATE_NAMES, type TemplateName } from './core/template/names.ts';
export type { TimeRange } from './core/time/range.ts';
export type { ErrorCode } from './errors/codes.ts';
export { DeployMarkerError, type ErrorDetails, isDeployMarkerError } from './errors/deploy-marker-error.ts';
export { createFileSink, type FileSinkOptions } from './io/file/file-sink.ts';
export type { Env } from './io/io.ts';
export { readTemplate } from './io/template-text.ts';
