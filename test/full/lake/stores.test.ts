import { describe, expect, it } from 'vitest';
import { markerFromRow } from '../../../src/core/marker/from-lake.ts';
import { changesSql, markersSql } from '../../../src/core/sql/lake.ts';
import { sampleMarker } from '../../unit/core/marker/sample-marker.ts';
import { openLakeTables } from './dialect.ts';
import { change } from './scene.ts';

const RANGE = { from: Date.parse('2025-12-14T00:00:00Z'), until: Date.parse('2025-12-15T00:00:00Z') };

describe('the statements of single stores', () => {
  it('give markers from which the same markers are rebuilt', async () => {
    const lake = await openLakeTables();
    const late = sampleMarker({ uid: 'u2', deployed_at: '2025-12-15T00:00:00Z' });
    await lake.addMarkers([sampleMarker(), late]);
    const rows = await lake.run(markersSql(lake.markerStore, RANGE));
    const read = rows.map(
      row => markerFromRow({ uid: String(row['uid']), marker: String(row['marker']) }).value,
    );
    expect(read).toEqual([sampleMarker()]);
    expect(await lake.run(markersSql(lake.markerStore, { ...RANGE, eventSource: "it's" }))).toEqual([]);
  });

  it('give whole records of successful writes and of roles that were assumed', async () => {
    const lake = await openLakeTables();
    const sts = {
      eventSource: 'sts.amazonaws.com',
      readOnly: true,
      requestParameters: { roleSessionName: 's' },
    };
    const wanted = [
      change('write'),
      change('no flag, and an empty code', { readOnly: undefined, errorCode: '' }),
      change('stack', { eventSource: 'cloudformation.amazonaws.com', requestParameters: { stackName: 'b' } }),
      change('role', { ...sts, eventName: 'AssumeRoleWithWebIdentity' }),
    ];
    const unwanted = [
      change('failed', { errorCode: 'AccessDenied', requestParameters: null }),
      change('failed role', { ...sts, eventName: 'AssumeRole', errorCode: 'AccessDenied' }),
      change('who', { ...sts, eventName: 'GetCallerIdentity' }),
      change('read', { readOnly: true }),
      change('other service', { eventSource: 's3.amazonaws.com' }),
      change('later', { eventTime: '2025-12-15T00:00:00Z' }),
    ];
    const other = change('other', { requestParameters: { functionName: 'send-mail' } });
    await lake.addChanges([...wanted, ...unwanted, other]);
    const read = async (component?: string): Promise<unknown[]> => {
      const query = { ...RANGE, services: ['lambda', 'cloudformation'], component };
      const rows = await lake.run(changesSql(lake.changeStore, query));
      return rows.map(row => JSON.parse(String(row['event_json'])));
    };
    expect(await read()).toEqual([...wanted, other]);
    expect(await read('lambda:resize-image')).toEqual(wanted);
    expect(await read('stack:b')).toEqual([...wanted, other]);
  });
});
