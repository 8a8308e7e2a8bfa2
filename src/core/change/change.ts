/**
 * Who made a call, as CloudTrail's userIdentity tells it apart:
 * - `session`: an assumed role, which is what a pipeline deploys with;
 * - `service`: an AWS service by itself, or a service role of CloudFormation's (session `AWSCloudFormation`);
 * - `identity-center`: a person who came through IAM Identity Center (role `AWSReservedSSO_…`);
 * - `human-role`: a role that the caller of this tool says people use;
 * - `console`: a session of any other role whose keys came from the console, so that a person clicked;
 * - `iam-user`, `root`, `federated-user`: what they say;
 * - `unknown`: none of these.
 */
export type ActorKind =
  | 'session'
  | 'service'
  | 'identity-center'
  | 'human-role'
  | 'console'
  | 'iam-user'
  | 'root'
  | 'federated-user'
  | 'unknown';

const PEOPLE: readonly ActorKind[] = [
  'identity-center',
  'human-role',
  'console',
  'iam-user',
  'root',
  'federated-user',
];

/** Whether a person, and no pipeline, made the call. */
export function isPerson({ kind }: { readonly kind: ActorKind }): boolean {
  return PEOPLE.includes(kind);
}

/**
 * The actor of one call.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export interface Actor {
  readonly kind: ActorKind;
  /** For people: the ARN, or what stands in its place. */
  readonly name: string;
  /** Account of the identity, which is another one than the change's where a role is used across accounts. */
  readonly account: string | undefined;
  /** Name of the assumed role, without its path. */
  readonly role: string | undefined;
  /** STS session name; assumed roles only. */
  readonly session: string | undefined;
  /** Leads from a call to the AssumeRole that issued the key. */
  readonly accessKeyId: string | undefined;
  /** The service that passed the call on, for example `cloudformation`; undefined for a direct call. */
  readonly via: string | undefined;
  /** Whether the keys came from the console, whatever the role and whatever the session is called. */
  readonly fromConsole?: boolean | undefined;
}

// CloudFormation and CodeDeploy do what somebody asked them to, StackSets (`member.org.stacksets.cloudformation`) included.
const FOR_SOMEBODY = /(?:^|\.)(?:cloudformation|codedeploy)$/;

/**
 * Whether a service acted by itself, as a service-linked role or without any identity. No caller can make it look so: CloudTrail
 * writes who invoked a call, and the path of service-linked roles is reserved.
 */
export function isServiceAct({ kind, via }: Pick<Actor, 'kind' | 'via'>): boolean {
  return kind === 'service' && !FOR_SOMEBODY.test(via ?? '');
}

/** What a call to CloudFormation was about. */
export interface StackCall {
  /** Undefined where a change set is named by its ARN alone. */
  readonly name: string | undefined;
  /** ARN of the change set, where the call tells. */
  readonly changeSet: string | undefined;
  /** Name of the service role that CloudFormation was told to use. */
  readonly serviceRole: string | undefined;
  /** Name of the change set, where the call is about one. */
  readonly changeSetName?: string | undefined;
  /** Whether the call changes nothing as long as nobody carries the change set out. */
  readonly prepares?: boolean | undefined;
}

/** One successful write call that CloudTrail recorded. */
export interface Change {
  /** CloudTrail's eventID. */
  readonly id: string;
  /** eventTime, milliseconds since the epoch. CloudTrail gives whole seconds. */
  readonly time: number;
  /** Account in which it happened. */
  readonly account: string;
  readonly region: string;
  /** eventSource without `.amazonaws.com`, for example `lambda`. */
  readonly service: string;
  /** eventName without its date and version, for example `UpdateFunctionCode`. */
  readonly action: string;
  /** `lambda:NAME`, `layer:NAME`, `stack:NAME`, or `SERVICE:NAME`; `SERVICE:?` if nothing names it. */
  readonly component: string;
  /** What else the same call changed, if it named several things. */
  readonly others?: readonly string[] | undefined;
  readonly actor: Actor;
  /** Calls to CloudFormation only. */
  readonly stack: StackCall | undefined;
  /** Version that a call published, or that an alias now points to; Lambda only. */
  readonly version: string | undefined;
  /** Whether the call is a global one of a service that has others, too: those of WAF for CloudFront. */
  readonly isGlobal?: boolean | undefined;
  /** CloudTrail's sharedEventID: the same call in the trails of several accounts has the same one. */
  readonly sharedId?: string | undefined;
  /** Event ids of the same call in the trails of other accounts. */
  readonly twins?: readonly string[] | undefined;
}

/** One AssumeRole call: who got which key. It changes nothing, but ties a role to the session that took it. */
export interface RoleChain {
  readonly time: number;
  /** Who assumed the role: a session, or a person in the console. */
  readonly caller: Actor;
  /** Key id that was issued. */
  readonly accessKeyId: string;
}
