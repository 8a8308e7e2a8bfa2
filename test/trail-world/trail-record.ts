import type { Caller } from './actors.ts';
import { type Place, toTime } from './place.ts';
import type { SeededRandom } from './seeded-random.ts';

/**
 * One record as CloudTrail writes it.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export interface TrailRecord {
  readonly eventVersion: string;
  readonly userIdentity?: unknown;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress?: string;
  readonly userAgent?: string | null;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: object | null;
  readonly responseElements: object | null;
  readonly requestID?: string;
  readonly eventID: string;
  readonly readOnly?: boolean;
  readonly resources?: readonly object[] | null;
  readonly eventType: string;
  readonly managementEvent?: boolean;
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
  readonly eventCategory?: string;
  readonly tlsDetails?: object;
  readonly sessionCredentialFromConsole?: string;
  readonly insightDetails?: object;
}

/** A call to a service: what was asked and what came of it. */
export interface Call {
  readonly service: string;
  /** eventName, with date and version where the service has them. */
  readonly name: string;
  readonly request: object | null;
  readonly response: object | null;
  /** The component that it changes. */
  readonly component: string;
  readonly readOnly?: boolean;
  /** Fields of the record that are not as they are with every call. */
  readonly fields?: Partial<TrailRecord>;
}

/** A call that was made. */
export interface MadeCall {
  readonly by: Caller;
  readonly at: number;
  readonly place: Place;
  readonly call: Call;
}

/** The record of a call. */
export function toRecord(random: SeededRandom, { by, at, place, call }: MadeCall): TrailRecord {
  const host = `${call.service}.${place.region}.amazonaws.com`;
  const isDirect = by.sourceIp !== by.userAgent;
  return {
    eventVersion: '1.11',
    userIdentity: by.identity,
    eventTime: toTime(at),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.name,
    awsRegion: place.region,
    sourceIPAddress: by.sourceIp,
    userAgent: by.userAgent,
    requestParameters: call.request,
    responseElements: call.response,
    requestID: random.uuid(),
    eventID: random.uuid(),
    readOnly: call.readOnly ?? false,
    eventType: by.kind === 'service' && !by.accessKeyId ? 'AwsServiceEvent' : 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: place.account,
    eventCategory: 'Management',
    ...(isDirect
      ? {
          tlsDetails: {
            tlsVersion: 'TLSv1.3',
            cipherSuite: 'TLS_AES_128_GCM_SHA256',
            clientProvidedHostHeader: host,
          },
        }
      : {}),
    ...(by.isPerson && by.userAgent.startsWith('Mozilla') ? { sessionCredentialFromConsole: 'true' } : {}),
    ...call.fields,
  };
}

/** The call as CloudTrail records it when it is refused: nothing came of it and what was asked is often left out. */
export function refused(call: Call, errorCode = 'AccessDenied'): Call {
  const errorMessage =
    'User is not authorized to perform this action because no identity-based policy allows it';
  return { ...call, request: null, response: null, fields: { ...call.fields, errorCode, errorMessage } };
}
