import { describe, expect, test } from 'vitest';
import { parseStoredMarker } from '../../../../src/core/marker/stored.ts';
import { sampleMarker } from './sample-marker.ts';

describe('a stored marker', () => {
  test('is the marker', () => {
    expect(parseStoredMarker(sampleMarker())).toEqual({ value: sampleMarker(), problems: [] });
  });

  test.each(['uid', 'deploy_id', 'recorded_at'])('has what emit fills in: %s', name => {
    const { value, problems } = parseStoredMarker({ ...sampleMarker(), [name]: undefined });
    expect(value).toBeUndefined();
    expect(problems).toEqual([{ path: `/${name}`, message: 'is required of a stored marker' }]);
  });

  test.each([
    null,
    [],
    'text',
    1,
    {},
    { ...sampleMarker(), git_sha: 'main' },
    { ...sampleMarker(), strange: 1 },
  ])('is not %j', record => {
    const { value, problems } = parseStoredMarker(record);
    expect(value).toBeUndefined();
    expect(problems).not.toEqual([]);
  });
});

test('a component that no new marker may have is read as it was stored', () => {
  const component = 'lambda:a,lambda:b';
  expect(parseStoredMarker({ ...sampleMarker(), component }).value?.component).toBe(component);
  expect(parseStoredMarker({ ...sampleMarker(), component: 'lambda' }).problems).toHaveLength(1);
});
