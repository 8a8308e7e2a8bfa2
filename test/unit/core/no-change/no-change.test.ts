import { describe, expect, test } from 'vitest';
import { FALSE_READS, QUIET_READS } from '../../../../src/core/no-change/access-levels.ts';
import { createNoChangeTest } from '../../../../src/core/no-change/no-change.ts';
import { KNOWN_SERVICES } from '../../../../src/core/services/known.ts';
import { SERVICES } from '../../../../src/core/services/table.ts';

const changesNothing = createNoChangeTest();

describe('calls that change nothing', () => {
  test.each([
    ['kms', 'Decrypt'],
    ['sts', 'GetFederationToken'],
    ['cloudformation', 'DetectStackDrift'],
    ['iam', 'SimulatePrincipalPolicy'],
    ['logs', 'StartQuery'],
    ['ssm', 'UpdateInstanceInformation'],
    ['ssmmessages', 'OpenDataChannel'],
    ['rds', 'DownloadDBLogFilePortion'],
    ['s3', 'GetBucketAcl'],
    ['cognito-idp', 'AdminListGroupsForUser'],
    ['lakeformation', 'GetDataAccess'],
    // A service that nobody knows yet.
    ['brandnew', 'DescribeThings'],
  ])('%s:%s', (service, action) => {
    expect(changesNothing(service, action)).toBe(true);
  });

  test.each([
    ['kms', 'PutKeyPolicy'],
    ['kms', 'CreateGrant'],
    ['ssm', 'PutParameter'],
    ['iam', 'CreateAccessKey'],
    ['lambda', 'UpdateFunctionCode'],
    ['ecs', 'RunTask'],
    ['states', 'StartExecution'],
    ['lightsail', 'GetRelationalDatabaseMasterUserPassword'],
    ['brandnew', 'Getaway'],
    ['toString', 'constructor'],
    ['s3', ''],
  ])('not %s:%s', (service, action) => {
    expect(changesNothing(service, action)).toBe(false);
  });

  test('no call of a deploy is among them', () => {
    const verbs = /^(?:Create|Update|Delete|Put|Modify|Register|Deploy|Publish|Attach|Detach|Add|Remove|Set)/;
    const reads = Object.entries(QUIET_READS).flatMap(([service, words]) =>
      words.split(' ').map(action => `${service}:${action}`),
    );
    expect(reads.filter(name => verbs.test(name.slice(name.indexOf(':') + 1)))).toEqual([]);
    expect(reads.length).toBeGreaterThan(200);
  });

  test('services are called as eventSource calls them', () => {
    const known = new Set(KNOWN_SERVICES);
    const named = [
      ...Object.keys(QUIET_READS),
      ...Object.keys(FALSE_READS),
      ...SERVICES.map(({ name }) => name),
    ];
    expect(named.filter(name => !known.has(name))).toEqual([]);
  });
});
