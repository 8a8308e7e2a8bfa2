import type { Scene } from './scene.ts';

/** Patterns of role names that a user would give, in which `*` stands for any characters. */
export interface RolePatterns {
  readonly serviceRoles: readonly string[];
  readonly bridgeRoles: readonly string[];
  readonly humanRoles: readonly string[];
}

/** A story that CloudTrail tells, with its deploys and what is right about it. */
export interface Scenario {
  readonly name: string;
  /** Why no one can be sure how it ought to come out; the other scenarios are clean. */
  readonly ambiguity?: string;
  readonly patterns?: Partial<RolePatterns>;
  readonly play: (scene: Scene) => void;
}
