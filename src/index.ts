// The library: `import { createMarker } from 'deploy-marker'`. What is named here is public API.

export type { AwsCredentials } from './aws/aws-credentials.ts';
export type { ConnectionOptions, SinkRole } from './aws/connection.ts';
export { createLakeSink, type LakeSinkOptions } from './aws/lake-sink.ts';
export { createLogsSink, type LogsSinkOptions } from './aws/logs-sink.ts';
export { type AssumedRole, type AssumeRoleOptions, assumeRole } from './aws/sts.ts';
export {
  type AuditEvent,
  type AuditEventEntry,
  type AuditEventOptions,
  toAuditEvent,
  toAuditEventEntry,
} from './core/audit-event.ts';
export { planBatches } from './core/batches.ts';
export type { Actor, ActorKind, Change, RoleChain, StackCall } from './core/change.ts';
export { createRecordReader, type EvidenceSink, type RecordInterests } from './core/cloudtrail-record.ts';
export {
  type Correlation,
  type CorrelationInput,
  type CorrelationOptions,
  correlate,
} from './core/correlate.ts';
export { type CreateMarkerOptions, createMarker, type MarkerRun } from './core/create-marker.ts';
export { type DeliveredMarker, type Delivery, DeliveryError, type FailedMarker } from './core/delivery.ts';
export type { Attestation, Deploy, Target } from './core/deploy.ts';
export type { DeployStanding } from './core/deploy-ledger.ts';
export type { DeployWindow } from './core/deploy-span.ts';
export { foldMarkers } from './core/fold.ts';
export type { Marker, MarkerInput, MarkerKind, MarkerStatus } from './core/marker.ts';
export type { DeliverOptions, DeliveryPreview, MarkerSink } from './core/ports.ts';
export type { DeployState, Rule, Standing } from './core/report.ts';
export {
  type ComposedSessionName,
  checkSessionName,
  composeSessionName,
  type SessionNameChange,
  type SessionNameParts,
} from './core/session-name.ts';
export { TEMPLATE_NAMES, type TemplateName } from './core/template-names.ts';
export type { TimeRange } from './core/time-range.ts';
export type { Verdict } from './core/verdict.ts';
export type { ErrorCode } from './errors/codes.ts';
export { DeployMarkerError, type ErrorDetails, isDeployMarkerError } from './errors/deploy-marker-error.ts';
export { createFileSink, type FileSinkOptions } from './io/file-sink.ts';
export type { Env } from './io/io.ts';
export { readTemplate } from './io/template-text.ts';
