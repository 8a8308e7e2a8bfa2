import { TypeRegistry } from '@smithy/core/schema';
import type {
  StaticErrorSchema,
  StaticListSchema,
  StaticOperationSchema,
  StaticStructureSchema,
} from '@smithy/types';
import {
  ChannelInsufficientPermission,
  ChannelNotFound,
  ChannelUnsupportedSchema,
  CloudTrailDataServiceException,
  DuplicatedAuditEventId,
  InvalidChannelARN,
  UnsupportedOperationException,
} from './exceptions.ts';

/** Namespace of the service's shapes in AWS's model (`cloudtrail-data` 2021-08-11). */
export const NAMESPACE = 'com.amazonaws.cloudtraildata';

// Schema kinds and the number for "string" are those of `@smithy/types`; a last number counts the required members.
const STRING = 0;

const auditEvent: StaticStructureSchema = [
  3,
  NAMESPACE,
  'AuditEvent',
  0,
  ['id', 'eventData', 'eventDataChecksum'],
  [STRING, STRING, STRING],
  2,
];
const auditEvents: StaticListSchema = [1, NAMESPACE, 'AuditEvents', 0, () => auditEvent];
const resultEntry: StaticStructureSchema = [
  3,
  NAMESPACE,
  'AuditEventResultEntry',
  0,
  ['id', 'eventID'],
  [STRING, STRING],
  2,
];
const resultEntries: StaticListSchema = [1, NAMESPACE, 'AuditEventResultEntries', 0, () => resultEntry];
const errorEntry: StaticStructureSchema = [
  3,
  NAMESPACE,
  'ResultErrorEntry',
  0,
  ['id', 'errorCode', 'errorMessage'],
  [STRING, STRING, STRING],
  3,
];
const errorEntries: StaticListSchema = [1, NAMESPACE, 'ResultErrorEntries', 0, () => errorEntry];

const request: StaticStructureSchema = [
  3,
  NAMESPACE,
  'PutAuditEventsRequest',
  0,
  ['auditEvents', 'channelArn', 'externalId'],
  [() => auditEvents, [STRING, { httpQuery: 'channelArn' }], [STRING, { httpQuery: 'externalId' }]],
  2,
];
const response: StaticStructureSchema = [
  3,
  NAMESPACE,
  'PutAuditEventsResponse',
  0,
  ['successful', 'failed'],
  [() => resultEntries, () => errorEntries],
  2,
];

/** The operation as data: what `AwsRestJsonProtocol` reads to build the request and to read the answer. */
export const PUT_AUDIT_EVENTS: StaticOperationSchema = [
  9,
  NAMESPACE,
  'PutAuditEvents',
  { http: ['POST', '/PutAuditEvents', 200] },
  () => request,
  () => response,
];

/** Makes the registries by which the protocol finds the class of an error it reads. */
export function createErrorRegistries(): [TypeRegistry, TypeRegistry] {
  const base = new TypeRegistry(`smithy.ts.sdk.synthetic.${NAMESPACE}`);
  base.registerError(
    [-3, base.namespace, 'CloudTrailDataServiceException', 0, [], []],
    CloudTrailDataServiceException,
  );
  const modeled = new TypeRegistry(NAMESPACE);
  const toSchema = (name: string): StaticErrorSchema => [
    -3,
    NAMESPACE,
    name,
    { error: 'client' },
    ['message'],
    [STRING],
  ];
  modeled.registerError(toSchema('ChannelInsufficientPermission'), ChannelInsufficientPermission);
  modeled.registerError(toSchema('ChannelNotFound'), ChannelNotFound);
  modeled.registerError(toSchema('ChannelUnsupportedSchema'), ChannelUnsupportedSchema);
  modeled.registerError(toSchema('DuplicatedAuditEventId'), DuplicatedAuditEventId);
  modeled.registerError(toSchema('InvalidChannelARN'), InvalidChannelARN);
  modeled.registerError(toSchema('UnsupportedOperationException'), UnsupportedOperationException);
  return [base, modeled];
}
