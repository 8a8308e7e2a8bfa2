/**
 * One kind of thing that a service has, and where its calls name it. Fields are told by their path in `requestParameters`,
 * or behind `answer.` in `responseElements`, `more.` in `additionalEventData` and `who.` in `userIdentity`; lists on the way
 * are gone through. Only what identifies the thing belongs here, never what a call merely mentions: its role, its key, its source.
 */
export interface Thing {
  /** What people call it, and a component as an example, for the documents; left out where another entry tells. */
  readonly what?: string;
  readonly like?: string;
  /** What its components begin with; default is the service's name. */
  readonly kind?: string;
  /** Only these calls are about it; default all in which one of the fields is there. */
  readonly calls?: RegExp;
  /** Fields with its name, id or ARN; the first that is there counts, and the new name beside it where the call renames the thing. */
  readonly at: readonly string[];
  /** All fields count: the call changes each of the things. */
  readonly isEach?: true;
  /** What of a field's value is its name; default all of it. A value that does not fit names nothing. */
  readonly name?: RegExp;
  /** Fields with the thing that it lies in, which comes before its name. */
  readonly in?: readonly string[];
  /** What it lies in if the call does not say. */
  readonly inDefault?: string;
  /** What it lies in without saying so: its components have no parent then. */
  readonly inPlain?: string;
  /** The last part of its ARNs, with groups `name` and, for the parent, `in`. */
  readonly arn?: RegExp;
  /** Reads any spelling of it, before `name` and `arn` do. */
  readonly read?: (text: string) => string | undefined;
}

/** What is known of a service. */
export interface Service {
  /** As `eventSource` has it, without `.amazonaws.com`. */
  readonly name: string;
  /** As ARNs have it; default the same. */
  readonly arnName?: string;
  /** Newer calls have what they ask and answer one level deeper, as `CreateNatGatewayRequest`. */
  readonly isNested?: true;
  /** In the order in which they are looked for. */
  readonly things: readonly Thing[];
  /** Makes the service's own spelling of a name out of those that it takes. */
  readonly spell?: (name: string) => string;
}
