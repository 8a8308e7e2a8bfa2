/**
 * How a change stands, once every rule was tried. `explained` and `attested` are fine, and so is `aws-service`, which a service did
 * by itself; the others want a look.
 */
export const STANDINGS = [
  'explained',
  'attested',
  'aws-service',
  'ambiguous',
  'coincident',
  'unexplained',
] as const;
/** How a change stands. */
export type Standing = (typeof STANDINGS)[number];

/** The rules that tie a change to a deploy, in the order in which they are tried. */
export const RULES = ['session', 'chain', 'stack', 'rollback', 'version', 'window', 'attestation'] as const;
/** A rule that tied a change to a deploy. */
export type Rule = (typeof RULES)[number];

/**
 * How a deploy stands: `changed` something; `waiting`, too young to be judged; `missing`, old enough and without a change;
 * `empty`, its change set held nothing; `running`; `unfinished`, started long ago and never ended; `unseen`, of a kind of
 * component or of a place that the sources do not show, or begun before the time that was read.
 */
export type DeployState = 'changed' | 'waiting' | 'missing' | 'empty' | 'running' | 'unfinished' | 'unseen';
