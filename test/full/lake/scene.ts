import type { Marker } from '../../../src/core/marker/marker.ts';
import { type CorrelationQuery, correlationSql } from '../../../src/core/sql/correlation.ts';
import { sampleMarker } from '../../unit/core/marker/sample-marker.ts';
import { type LakeTables, openLakeTables, type Row } from './dialect.ts';

/** Where all happens. */
export const ACCOUNT = '123456789012';
/** The session of the deploy. */
export const DEPLOYER = `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci-prod-a1b2c3d`;
/** Another session. */
export const SOMEBODY = `arn:aws:sts::${ACCOUNT}:assumed-role/admin/jane`;

/** A write of the deploy's session and function, inside its window, and whatever a case wants otherwise. */
export function change(id: string, fields: object = {}): object {
  return {
    eventID: id,
    eventTime: '2025-12-14T08:10:00Z',
    eventSource: 'lambda.amazonaws.com',
    eventName: 'UpdateFunctionCode20150331v2',
    awsRegion: 'eu-west-1',
    recipientAccountId: ACCOUNT,
    readOnly: false,
    managementEvent: true,
    userIdentity: { type: 'AssumedRole', arn: DEPLOYER, accountId: ACCOUNT },
    requestParameters: { functionName: 'resize-image' },
    responseElements: null,
    ...fields,
  };
}

/** Made by somebody else. */
export function by(arn: string | undefined, type = 'AssumedRole'): object {
  return { userIdentity: { type, arn } };
}

/** A marker with a name of its own. */
export function deploy(name: string, fields: Partial<Marker> = {}): Marker {
  const { explains: _, ...marker } = sampleMarker();
  return { ...marker, uid: `uid-${name}`, deploy_id: `deploy-${name}`, ...fields };
}

/** Rows of the correlation statement over a week. */
export async function rowsOf(lake: LakeTables, query: Partial<CorrelationQuery> = {}): Promise<Row[]> {
  return lake.run(
    correlationSql({
      markerStore: lake.markerStore,
      changeStore: lake.changeStore,
      range: { from: Date.parse('2025-12-10T00:00:00Z'), until: Date.parse('2025-12-17T00:00:00Z') },
      before: 120_000,
      after: 600_000,
      ...query,
    }),
  );
}

/** What the statement says of markers and changes: uid, event, rule and standing of each row. */
export async function verdicts(markers: readonly Marker[], changes: readonly object[]): Promise<string[]> {
  const lake = await openLakeTables();
  await lake.addMarkers(markers);
  await lake.addChanges(changes);
  const rows = await rowsOf(lake);
  return rows.map(row =>
    [row['marker_uid'], row['event_id'] ?? '-', row['rule'], row['standing']].join(' ').trim(),
  );
}
