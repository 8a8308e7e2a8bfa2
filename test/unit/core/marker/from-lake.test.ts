import { describe, expect, it } from 'vitest';
import { toAuditEvent } from '../../../../src/core/marker/event.ts';
import { markerFromEvent, markerFromRow } from '../../../../src/core/marker/from-lake.ts';
import { sampleMarker } from './sample-marker.ts';

const EVENT = toAuditEvent(sampleMarker(), { userAgent: 'deploy-marker/0 test' });

function rowOf(fields: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return { uid: EVENT.UID, marker: JSON.stringify({ ...EVENT.requestParameters, ...fields }) };
}

describe('a marker read back', () => {
  it('is the one that was sent, with its labels', () => {
    expect(markerFromRow(rowOf()).value).toEqual(sampleMarker());
    expect(markerFromEvent(JSON.stringify(EVENT)).value).toEqual(sampleMarker());
  });

  it('passes over fields of a later version', () => {
    expect(markerFromRow(rowOf({ weather: 'fine' })).value).toEqual(sampleMarker());
  });

  it.each([
    ['2025-12-14T08:12:40Z', '2025-12-14T08:12:40Z'],
    ['2025-12-14 08:12:40.000', '2025-12-14T08:12:40Z'],
    ['2025-12-14 08:12:40.000 UTC', '2025-12-14T08:12:40Z'],
    ['2025-12-14T10:12:40+02:00', '2025-12-14T08:12:40Z'],
  ])('has the time of its store, which Lake may write as %s', (stored, time) => {
    expect(markerFromRow({ ...rowOf(), stored }).value).toEqual({
      ...sampleMarker(),
      storedAt: Date.parse(time),
    });
  });

  it('has no time of its store where that is none, and takes none from the marker', () => {
    expect(markerFromRow({ ...rowOf(), stored: 'soon' }).value).toEqual(sampleMarker());
    expect(markerFromRow(rowOf({ storedAt: '1' })).value).toEqual(sampleMarker());
    expect(markerFromEvent(JSON.stringify({ ...EVENT, storedAt: 1 })).value).toEqual(sampleMarker());
  });

  it.each([
    [{ uid: 'u1', marker: '{"env":' }, '/env'],
    [{ uid: 'u1' }, '/env'],
    [{ uid: 'u1', marker: '[1]' }, '/env'],
    [rowOf({ git_sha: 'no' }), '/git_sha'],
    [rowOf({ recorded_at: undefined }), '/recorded_at'],
    [rowOf({ deploy_id: undefined }), '/deploy_id'],
  ])('names what is wrong with %j', (row, path) => {
    const { value, problems } = markerFromRow(row);
    expect(value).toBeUndefined();
    expect(problems.map(problem => problem.path)).toContain(path);
  });
});
