import { describe, expect, test } from 'vitest';
import type { Change } from '../../../../src/core/change/change.ts';
import { correlate } from '../../../../src/core/correlate/correlate.ts';
import type { ServiceChoice } from '../../../../src/core/services/choice.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const { explains, target_version, labels, ...MARKER } = sampleMarker();

/** A change by the deploy's own session, while it ran. */
function changeOf(component: string): Change {
  return {
    id: `change of ${component}`,
    time: Date.parse('2025-12-14T08:10:00Z'),
    account: '123456789012',
    region: 'eu-west-1',
    service: component.slice(0, component.indexOf(':')),
    action: 'Update',
    component,
    stack: undefined,
    version: undefined,
    actor: {
      kind: 'session',
      name: 'arn:aws:sts::123456789012:assumed-role/deploy/ci-prod-a1b2c3d',
      account: '123456789012',
      role: 'deploy',
      session: 'ci-prod-a1b2c3d',
      accessKeyId: undefined,
      via: undefined,
    },
  };
}

function stateOf(component: string, services: ServiceChoice, changes: readonly string[]): unknown {
  const options = { now: Date.parse('2025-12-15T00:00:00Z'), services };
  const markers = [{ ...MARKER, component }];
  const { deploys } = correlate({ markers, changes: changes.map(changeOf) }, options, () => {});
  return deploys.map(({ state, unchanged }) => [state, unchanged.join()]).join();
}

describe('a deploy of a component', () => {
  test.each<[string, string, ServiceChoice, readonly string[]]>([
    ['ecs:web', 'missing,ecs:web', 'all', []],
    ['layer:a', 'missing,layer:a', 'all', []],
    ['web:site', 'unseen,', 'all', []],
    ['ecs:web', 'missing,ecs:web', ['ecs'], []],
    ['ecs:web', 'missing,ecs:web', ['lambda', 'ecs'], []],
    ['states:orders', 'missing,states:orders', ['states'], []],
    ['ecs:web', 'unseen,', ['lambda'], []],
    ['stepfunctions:orders', 'unseen,', ['states'], []],
    ['lambda:a', 'unseen,', ['ecs'], []],
    ['layer:a', 'missing,layer:a', ['lambda'], []],
    ['stack:a', 'missing,stack:a', ['cloudformation'], []],
    ['ecs:web', 'changed,', ['ecs'], ['ecs:web']],
    // The call need not tell what it changed, or tells it with its parent.
    ['ecs:web', 'changed,', ['ecs'], ['ecs:?']],
    ['ecs:web', 'changed,', ['ecs'], ['ecs:prod/web']],
    ['ecs:web', 'missing,ecs:web', ['ecs'], ['ecs:prod/api']],
    ['lambda:a', 'missing,lambda:a', ['lambda'], ['lambda:?']],
  ])('%s is %s where %j are read, with %j', (component, state, services, changes) => {
    expect(stateOf(component, services, changes)).toBe(state);
  });
});
