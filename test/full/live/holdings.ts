import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';

/** By what moto tells which service is meant; the SDK's client is none of our packages. */
const LAMBDA = { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/lambda/aws4_request' };

/** Names and contents by kind. */
export type Holdings = Readonly<Record<string, readonly unknown[]>>;

/** All that an account holds of what a live run makes, by name. An object counts with its versions. */
export async function holdingsOf(url: string): Promise<Holdings> {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'unused' };
  const options = { endpoint: url, region: 'eu-west-1', credentials };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const listed = Buckets.map(({ Name }) => s3.send(new ListObjectVersionsCommand({ Bucket: Name })));
  const contents = await Promise.all(listed);
  const stacks = await new CloudFormationClient(options).send(new ListStacksCommand({}));
  const groups = await new CloudWatchLogsClient(options).send(new DescribeLogGroupsCommand({}));
  const iam = new IAMClient(options);
  const roles = await iam.send(new ListRolesCommand({}));
  const policies = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
  const functions: unknown = await fetch(`${url}/2015-03-31/functions`, { headers: LAMBDA }).then(each =>
    each.json(),
  );
  const open = (stacks.StackSummaries ?? []).filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  return {
    stacks: open.map(({ StackName }) => StackName),
    buckets: Buckets.map(({ Name }) => Name),
    objects: contents.flatMap(({ Versions = [], DeleteMarkers = [] }) => [...Versions, ...DeleteMarkers]),
    groups: (groups.logGroups ?? []).map(({ logGroupName }) => logGroupName),
    roles: (roles.Roles ?? []).map(({ RoleName }) => RoleName),
    policies: (policies.Policies ?? []).map(({ PolicyName }) => PolicyName),
    functions: [functions],
  };
}
