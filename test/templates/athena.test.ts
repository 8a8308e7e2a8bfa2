import { describe, expect, test } from 'vitest';
import { MARKER_FIELDS } from '../../src/core/marker/marker.ts';
import { athenaCorrelationSql } from '../../src/core/sql/athena-correlation.ts';
import { athenaMarkersSql } from '../../src/core/sql/athena-markers.ts';
import { athenaRecordsSql } from '../../src/core/sql/athena-records.ts';
import type { TableLayout } from '../../src/core/sql/athena-table.ts';
import { CHANGE_TABLE } from '../fakes/athena/athena-tables.ts';
import { resolveCombinations } from './parameter-combinations.ts';
import type { ResolvedTemplate } from './resolve-template.ts';
import { resolveTemplate } from './template-document.ts';
import { listOf, outputOf, propertiesOf, resourceOf, statementsIn } from './template-statements.ts';
import { type TemplateValue, toMap, valueAt } from './template-yaml.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
const REQUIRED = { TrailBucketName: 'acme-trail', Regions: 'us-east-1,eu-west-1' };
const BOTH = { ...REQUIRED, MarkersBucketName: 'acme-markers' };

function inputOf(template: ResolvedTemplate, id: string) {
  return toMap(propertiesOf(template, id)['TableInput']);
}

function toTypes(columns: TemplateValue | undefined): ReadonlyMap<string, string> {
  return new Map(listOf(columns).map(each => [String(valueAt(each, 'Name')), String(valueAt(each, 'Type'))]));
}

/** What the catalogue would tell of the table. */
function layoutOf(template: ResolvedTemplate, id: string): TableLayout {
  const input = inputOf(template, id);
  return {
    database: 'deploy_marker',
    table: String(input['Name']),
    columns: toTypes(valueAt(input['StorageDescriptor'], 'Columns')),
    partitions: toTypes(input['PartitionKeys']),
    parameters: new Map(
      Object.entries(toMap(input['Parameters'])).map(([name, value]) => [name, String(value)]),
    ),
  };
}

describe('the tables', () => {
  const template = resolveTemplate('athena', BOTH);

  test('of records has the columns of AWS’s own, and projects account, Region and day', () => {
    const { columns, partitions, parameters } = layoutOf(template, 'CloudTrailTable');
    expect([...columns]).toEqual([...CHANGE_TABLE.columns]);
    expect([...partitions.keys()]).toEqual(['account', 'region', 'timestamp']);
    expect(Object.fromEntries(parameters)).toEqual({
      EXTERNAL: 'TRUE',
      'projection.enabled': 'true',
      'projection.account.type': 'enum',
      'projection.account.values': '111122223333',
      'projection.region.type': 'enum',
      'projection.region.values': 'us-east-1,eu-west-1',
      'projection.timestamp.type': 'date',
      'projection.timestamp.format': 'yyyy/MM/dd',
      'projection.timestamp.interval': '1',
      'projection.timestamp.interval.unit': 'DAYS',
      'projection.timestamp.range': '2020/01/01,NOW',
      'storage.location.template': `s3://acme-trail/AWSLogs/\${account}/CloudTrail/\${region}/\${timestamp}`,
    });
  });

  test('of markers has every field of one', () => {
    const { columns, partitions, parameters } = layoutOf(template, 'MarkersTable');
    expect([...columns.keys()]).toEqual(MARKER_FIELDS);
    expect([...partitions.keys()]).toEqual(['day']);
    expect(parameters.get('storage.location.template')).toBe(`s3://acme-markers/\${day}`);
  });

  test.each([
    [{ TrailPrefix: 'a/b' }, `s3://acme-trail/a/b/AWSLogs/\${account}/CloudTrail/\${region}/\${timestamp}`],
    [
      { OrganizationId: 'o-a1b2c3d4e5', AccountIds: '111111111111,222222222222' },
      `s3://acme-trail/AWSLogs/o-a1b2c3d4e5/\${account}/CloudTrail/\${region}/\${timestamp}`,
    ],
  ])('with %j lie where the trail puts them', (parameters, expected) => {
    const layout = layoutOf(resolveTemplate('athena', { ...REQUIRED, ...parameters }), 'CloudTrailTable');
    expect(layout.parameters.get('storage.location.template')).toBe(expected);
    expect(expected).not.toMatch(/[^:]\/\//);
    const accounts = 'AccountIds' in parameters ? parameters.AccountIds : '111122223333';
    expect(layout.parameters.get('projection.account.values')).toBe(accounts);
  });

  test('lie below a prefix where markers have one', () => {
    const layout = layoutOf(resolveTemplate('athena', { ...BOTH, MarkersPrefix: 'deploys' }), 'MarkersTable');
    expect(layout.parameters.get('storage.location.template')).toBe(`s3://acme-markers/deploys/\${day}`);
  });

  test('are those that statements are made for', () => {
    const range = { from: 0, until: 1 };
    const [changeTable, markerTable] = ['CloudTrailTable', 'MarkersTable'].map(id => layoutOf(template, id));
    if (changeTable === undefined || markerTable === undefined) throw new Error('no tables');
    const query = { ...range, services: ['lambda'], regions: [], accounts: [], late: 0 };
    expect(athenaRecordsSql(changeTable, query).missing).toEqual([]);
    expect(athenaMarkersSql(markerTable, range).missing).toEqual([]);
    expect(athenaCorrelationSql({ changeTable, markerTable, range, late: 0, before: 0, after: 0 })).toContain(
      '"timestamp" BETWEEN',
    );
  });

  test('of markers is left out without a bucket of them', () => {
    const bare = resolveTemplate('athena', REQUIRED);
    expect(bare.resources['MarkersTable']).toBeUndefined();
    expect(outputOf(bare, 'Markers')).toBeUndefined();
    expect(outputOf(bare, 'Changes')).toBe('athena:deploy_marker.cloudtrail');
    expect(outputOf(template, 'Markers')).toBe('athena:deploy_marker.markers');
  });
});

describe('every combination of switches', () => {
  const switches = resolveCombinations('athena', {
    TrailBucketName: ['acme-trail'],
    Regions: ['eu-west-1'],
    KmsKeyArn: [undefined, KEY],
    MarkersBucketName: [undefined, 'acme-markers'],
  });

  test('ends queries that scan too much, and puts results where the workgroup says', () => {
    expect(switches).toHaveLength(4);
    for (const { parameters, template } of switches) {
      const { KmsKeyArn: key } = parameters;
      expect(propertiesOf(template, 'WorkGroup')).toMatchObject({
        Name: 'stack',
        State: 'ENABLED',
        WorkGroupConfiguration: {
          BytesScannedCutoffPerQuery: '100000000000',
          EnforceWorkGroupConfiguration: true,
          ResultConfiguration: {
            OutputLocation: 's3://<ResultBucket>/',
            EncryptionConfiguration:
              key === undefined
                ? { EncryptionOption: 'SSE_S3' }
                : { EncryptionOption: 'SSE_KMS', KmsKey: key },
          },
        },
      });
    }
  });

  test('keeps results private, and for as long as was said', () => {
    for (const { template } of switches) {
      expect(resourceOf(template, 'ResultBucket')).toMatchObject({ DeletionPolicy: 'Retain' });
      expect(propertiesOf(template, 'ResultBucket')).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: '30' }] },
      });
      expect(statementsIn(propertiesOf(template, 'ResultBucketPolicy'))).toMatchObject([
        { Sid: 'TlsOnly', Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ]);
    }
  });
});
