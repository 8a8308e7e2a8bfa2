import { functionArn, type Place, roleArn } from './place.ts';
import type { Call } from './trail-record.ts';

// Names and fields: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html

/** How a caller names a function: all of these are the same one. */
export const SPELLINGS = ['name', 'partial', 'arn', 'qualified', 'qualified-arn', 'region-partial'] as const;
/** How a caller names a function. */
export type Spelling = (typeof SPELLINGS)[number];

/** A function's name as a caller may spell it. */
export function spell(place: Place, name: string, spelling: Spelling): string {
  const { account, region } = place;
  const forms: Readonly<Record<Spelling, string>> = {
    name,
    partial: `${account}:function:${name}`,
    arn: functionArn(place, name),
    qualified: `${name}:live`,
    'qualified-arn': `${functionArn(place, name)}:live`,
    'region-partial': `${region}:${account}:function:${name}`,
  };
  return forms[spelling];
}

function call(component: string, name: string, request: object | null, response: object | null): Call {
  return { service: 'lambda', name, request, response, component };
}

function configurationOf(place: Place, name: string, version: string): object {
  return {
    functionName: name,
    functionArn: functionArn(place, name) + (version === '$LATEST' ? '' : `:${version}`),
    runtime: 'nodejs22.x',
    role: roleArn(place.account, `${name}-role`),
    handler: 'index.handler',
    codeSize: 48213,
    timeout: 30,
    memorySize: 512,
    lastModified: '2026-06-01T10:03:11.000+0000',
    codeSha256: 'mVx2mYtlVnG0WX2yuP3pDqkbCYlCjLWH2Ow0k0YDfJk=',
    version,
    revisionId: '5f7d0e0c-52a1-4d2b-8f5a-0d6f0d3a9a10',
    state: 'Active',
    lastUpdateStatus: 'InProgress',
    packageType: 'Zip',
    architectures: ['arm64'],
    loggingConfig: { logFormat: 'Text', logGroup: `/aws/lambda/${name}` },
  };
}

/** New code; with a version where it publishes one in the same call. */
export function updateFunctionCode(
  place: Place,
  name: string,
  {
    spelling = 'name',
    publish,
    dryRun = false,
  }: { spelling?: Spelling; publish?: string; dryRun?: boolean } = {},
): Call {
  const functionName = spell(place, name, spelling);
  const s3Key = `${name}/code.zip`;
  return call(
    `lambda:${name}`,
    'UpdateFunctionCode20150331v2',
    { functionName, s3Bucket: 'acme-artifacts', s3Key, publish: publish !== undefined, dryRun },
    configurationOf(place, name, publish ?? '$LATEST'),
  );
}

/** Another configuration; CloudTrail may leave out what came of it. */
export function updateFunctionConfiguration(
  place: Place,
  name: string,
  spelling: Spelling = 'name',
  bare = false,
): Call {
  return call(
    `lambda:${name}`,
    'UpdateFunctionConfiguration20150331v2',
    { functionName: spell(place, name, spelling), timeout: 30, memorySize: 512 },
    bare ? null : configurationOf(place, name, '$LATEST'),
  );
}

/** A new function. */
export function createFunction(place: Place, name: string): Call {
  const request = { functionName: name, runtime: 'nodejs22.x', handler: 'index.handler', publish: false };
  return call(`lambda:${name}`, 'CreateFunction20150331', request, configurationOf(place, name, '$LATEST'));
}

/** A function's end: nothing comes of it but a status. */
export function deleteFunction(place: Place, name: string, spelling: Spelling = 'name'): Call {
  return call(
    `lambda:${name}`,
    'DeleteFunction20150331',
    { functionName: spell(place, name, spelling) },
    null,
  );
}

/** A version of a function. */
export function publishVersion(
  place: Place,
  name: string,
  version: string,
  spelling: Spelling = 'name',
): Call {
  const request = { functionName: spell(place, name, spelling) };
  return call(`lambda:${name}`, 'PublishVersion20150331', request, configurationOf(place, name, version));
}

/** An alias set to a version, or with `weight` a part of its traffic. */
export function updateAlias(
  place: Place,
  name: string,
  alias: { functionVersion: string; additional?: { version: string; weight: number }; spelling?: Spelling },
): Call {
  const { functionVersion, additional, spelling = 'name' } = alias;
  const weights = additional ? { [additional.version]: additional.weight } : {};
  const set = { functionVersion, routingConfig: { additionalVersionWeights: weights } };
  return call(
    `lambda:${name}`,
    'UpdateAlias20150331',
    { functionName: spell(place, name, spelling), name: 'live', ...set },
    { aliasArn: `${functionArn(place, name)}:live`, name: 'live', description: '', revisionId: '0', ...set },
  );
}

/** Somebody else may call the function. */
export function addPermission(place: Place, name: string, spelling: Spelling = 'name'): Call {
  return call(
    `lambda:${name}`,
    'AddPermission20150331v2',
    {
      functionName: spell(place, name, spelling),
      statementId: 'api',
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
    },
    { statement: `{"Sid":"api","Effect":"Allow","Resource":"${functionArn(place, name)}"}` },
  );
}

/** An event source's mapping: what was asked has only its id, the function stands in what came of it. */
export function updateEventSourceMapping(place: Place, name: string, uuid: string): Call {
  const functionArnOf = functionArn(place, name);
  return call(
    `lambda:${name}`,
    'UpdateEventSourceMapping20150331',
    { uUID: uuid, batchSize: 10, enabled: true },
    {
      uUID: uuid,
      batchSize: 10,
      functionArn: functionArnOf,
      state: 'Updating',
      eventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:q',
    },
  );
}

/** Tags, which name the function by its ARN as `resource`. */
export function tagResource(place: Place, name: string): Call {
  const resource = functionArn(place, name);
  return call(`lambda:${name}`, 'TagResource20170331v2', { resource, tags: { team: 'billing' } }, null);
}

/** Instances kept warm; a name without a date. */
export function putProvisionedConcurrency(name: string): Call {
  const request = { functionName: name, qualifier: 'live', provisionedConcurrentExecutions: 4 };
  const response = { requestedProvisionedConcurrentExecutions: 4, status: 'IN_PROGRESS' };
  return call(`lambda:${name}`, 'PutProvisionedConcurrencyConfig', request, response);
}

/** A layer's version. */
export function publishLayerVersion(place: Place, name: string, version: number): Call {
  const layerArn = `arn:aws:lambda:${place.region}:${place.account}:layer:${name}`;
  return call(
    `layer:${name}`,
    'PublishLayerVersion20181031',
    {
      layerName: name,
      compatibleRuntimes: ['nodejs22.x'],
      content: { s3Bucket: 'acme-artifacts', s3Key: 'layer.zip' },
    },
    {
      layerArn,
      layerVersionArn: `${layerArn}:${version}`,
      version,
      createdDate: '2026-06-01T10:03:11.000+0000',
    },
  );
}

/** Who may use a layer's version. */
export function addLayerVersionPermission(place: Place, name: string, version: number): Call {
  const layerName = `arn:aws:lambda:${place.region}:${place.account}:layer:${name}`;
  const request = {
    layerName,
    versionNumber: version,
    statementId: 'org',
    action: 'lambda:GetLayerVersion',
    principal: '*',
  };
  return call(`layer:${name}`, 'AddLayerVersionPermission', request, {
    revisionId: '0',
    statement: '{"Sid":"org"}',
  });
}

/** A read. */
export function getFunction(place: Place, name: string): Call {
  const request = { functionName: spell(place, name, 'arn') };
  return { ...call(`lambda:${name}`, 'GetFunction20150331v2', request, null), readOnly: true };
}

/** A data event, which says of itself that it is no read and changes nothing. */
export function invoke(place: Place, name: string): Call {
  const resources = [
    { accountId: place.account, type: 'AWS::Lambda::Function', ARN: functionArn(place, name) },
  ];
  return {
    ...call(
      `lambda:${name}`,
      'Invoke',
      { functionName: functionArn(place, name), invocationType: 'RequestResponse' },
      null,
    ),
    fields: { managementEvent: false, eventCategory: 'Data', resources },
  };
}
