import type { RecordedState } from '../../../src/core/investigate/recorded-change.ts';
import type { FakeItem } from '../../fakes/config/config-state.ts';
import { functionArn, roleArn, toTime } from '../place.ts';
import type { Scene } from '../scene.ts';

/** What is right about a change: what Config makes of it, and what differs, each as `before → after` in words. */
export interface DifferenceTruth {
  readonly state: RecordedState;
  readonly differences: Readonly<Record<string, string>>;
}

/** A function as Config describes it, whose configuration somebody changes and Config records. */
export interface RecordedFunction {
  readonly name: string;
  readonly component: string;
  readonly items: readonly FakeItem[];
  /** Sets something, as a call does; nothing is recorded yet. */
  set(patch: Readonly<Record<string, unknown>>, at: number): void;
  /** Config captures what is there. */
  capture(at: number, status?: string): void;
}

/** Another value of 32 bytes in base64, as a digest of code. */
export function codeDigest(seed: string): string {
  return `${Buffer.from(seed.padEnd(32, '.').slice(0, 32)).toString('base64')}`;
}

/** Makes a function that is there from the start of a scene, as an item of the day before shows. */
export function recordedFunction(
  scene: Scene,
  name: string,
  first: Readonly<Record<string, unknown>> = {},
): RecordedFunction {
  const { home } = scene;
  const items: FakeItem[] = [];
  let configuration: Record<string, unknown> = {
    functionName: name,
    functionArn: functionArn(home, name),
    runtime: 'nodejs22.x',
    role: roleArn(home.account, `${name}-role`),
    handler: 'index.handler',
    codeSize: 48_213,
    timeout: 30,
    memorySize: 512,
    codeSha256: codeDigest(`${name}-0`),
    version: '$LATEST',
    layers: [],
    tracingConfig: { mode: 'PassThrough' },
    packageType: 'Zip',
    ...first,
  };
  const made = {
    name,
    component: `lambda:${name}`,
    items,
    set(patch: Readonly<Record<string, unknown>>, at: number) {
      const follows = { lastModified: toTime(at), revisionId: scene.random.uuid() };
      configuration = { ...configuration, ...patch, ...follows };
    },
    capture(at: number, status = 'OK') {
      const isGone = status === 'ResourceDeleted';
      items.push({
        resourceType: 'AWS::Lambda::Function',
        resourceId: name,
        resourceName: name,
        arn: functionArn(home, name),
        capturedAt: at,
        status,
        ...(isGone ? {} : { configuration: structuredClone(configuration), tags: { team: 'billing' } }),
      });
    },
  };
  made.set({}, scene.at(-1440));
  made.capture(scene.at(-1440), 'ResourceDiscovered');
  return made;
}
