import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { mintAccessKey } from '../../fakes/aws-state.ts';
import { sendCloudTrail } from '../../fakes/cloudtrail/cloudtrail-client.ts';
import {
  type Answer,
  type SigningOptions,
  sendRaw,
  sendSigned,
  stsRequest,
} from '../../fakes/signed-client.ts';
import { AWS_PRINCIPALS } from '../../fakes/sts/sts-operations.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(() => server.close());

const iamRequest = (parameters: Readonly<Record<string, string>>) =>
  stsRequest({ Action: 'GetRole', Version: '2010-05-08', ...parameters });

function getRole(
  parameters: Readonly<Record<string, string>>,
  options: Partial<SigningOptions> = {},
): Promise<Answer> {
  return sendSigned(server, iamRequest(parameters), { service: 'iam', region: 'us-east-1', ...options });
}

/** The text of the first element `name`. */
function element(answer: Answer, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.text)?.[1];
}

describe('GetChannel and GetEventDataStore', () => {
  const id = 'ffffffff-4b5a-4687-9a8b-7c6d5e4f3a2b';
  const arn = (kind: string, account = '111122223333', region = 'eu-west-1') =>
    `arn:aws:cloudtrail:${region}:${account}:${kind}/${id}`;

  test('find what is asked for by id or ARN', async () => {
    const { defaultChannelArn: channel, lake } = server.state;
    for (const Channel of [channel, channel.split('/')[1]])
      expect(JSON.parse((await sendCloudTrail(server, 'GetChannel', { Channel })).text)).toMatchObject({
        ChannelArn: channel,
        Source: 'Custom',
        Destinations: [{ Type: 'EVENT_DATA_STORE', Location: lake.stores.get(lake.markerStoreId)?.arn }],
        IngestionStatus: {},
      });
    const store = lake.stores.get(lake.changeStoreId)?.arn;
    for (const EventDataStore of [store, lake.changeStoreId]) {
      const answer = await sendCloudTrail(server, 'GetEventDataStore', { EventDataStore });
      expect(JSON.parse(answer.text)).toMatchObject({ EventDataStoreArn: store, Status: 'ENABLED' });
    }
    expect(server.violations).toEqual([]);
  });

  const refused: [string, object, string][] = [
    ['GetChannel', { Channel: id }, 'ChannelNotFoundException'],
    ['GetChannel', { Channel: arn('channel', '999999999999') }, 'ChannelNotFoundException'],
    ['GetChannel', { Channel: arn('channel', '111122223333', 'us-east-1') }, 'ChannelNotFoundException'],
    ['GetChannel', { Channel: arn('eventdatastore') }, 'ChannelARNInvalidException'],
    ['GetChannel', { Channel: 'short' }, 'ChannelARNInvalidException'],
    ['GetEventDataStore', { EventDataStore: id }, 'EventDataStoreNotFoundException'],
    [
      'GetEventDataStore',
      { EventDataStore: arn('eventdatastore', '999999999999') },
      'EventDataStoreNotFoundException',
    ],
    ['GetEventDataStore', { EventDataStore: arn('channel') }, 'EventDataStoreARNInvalidException'],
  ];
  test.each(refused)('%s %o: %s can happen to a correct client', async (operation, body, code) => {
    const answer = await sendCloudTrail(server, operation, body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ __type: code });
    expect(server.violations).toEqual([]);
  });

  test('of another account are not shown, though they are there', async () => {
    const foreign = arn('channel', '999999999999');
    server.state.channels.set(foreign, { arn: foreign });
    const answer = await sendCloudTrail(server, 'GetChannel', { Channel: foreign });
    expect(JSON.parse(answer.text)).toMatchObject({ __type: 'ChannelNotFoundException' });
  });

  const wrong: [string, object, string][] = [
    ['GetChannel', {}, 'InvalidParameterException'],
    ['GetChannel', { Channel: 'a b' }, 'InvalidParameterException'],
    ['GetChannel', { Channel: 1 }, 'SerializationException'],
    ['GetChannel', { Channel: id, Name: 'x' }, 'StrictFakeViolation'],
    ['GetEventDataStore', { EventDataStore: '' }, 'InvalidParameterException'],
    ['GetEventDataStore', { EventDataStore: id, IncludeTags: true }, 'StrictFakeViolation'],
  ];
  test.each(wrong)('%s %o: %s can not', async (operation, body, code) => {
    const answer = await sendCloudTrail(server, operation, body);
    expect(JSON.parse(answer.text)).toMatchObject({ __type: code });
    expect(server.violations).toHaveLength(1);
  });

  test('another Region is refused unless a channel or store is in it', async () => {
    const ask = (region: string) => sendCloudTrail(server, 'GetChannel', { Channel: id }, { region });
    expect((await ask('us-east-1')).text).toContain('Credential should be scoped to a valid region');
    const foreign = arn('channel', '111122223333', 'us-east-1');
    server.state.channels.set(foreign, { arn: foreign });
    expect(JSON.parse((await ask('us-east-1')).text)).toMatchObject({ ChannelArn: foreign });
  });
});

describe('GetRole', () => {
  test('writes the trust policy as a part of a URL, and the role with its path', async () => {
    const role = server.state.roles.get(server.state.defaultRoleArn);
    if (role === undefined) throw new Error('no default role');
    const arn = 'arn:aws:iam::111122223333:role/ci/other';
    const policy = '{"a":"b c+*(\')é"}';
    server.state.roles.set(arn, { ...role, arn, policy, maxSessionSeconds: 3600 });
    const answer = await getRole({ RoleName: 'other' });
    expect(answer.status).toBe(200);
    expect(element(answer, 'Arn')).toBe(arn);
    expect(element(answer, 'Path')).toBe('/ci/');
    expect(element(answer, 'MaxSessionDuration')).toBe('3600');
    expect(element(answer, 'AssumeRolePolicyDocument')).toBe(
      '%7B%22a%22%3A%22b%20c%2B%2A%28%27%29%C3%A9%22%7D',
    );
  });

  test('writes a policy of its own where the state has none', async () => {
    const role = server.state.roles.get(server.state.defaultRoleArn);
    if (role === undefined) throw new Error('no default role');
    const subjects = ['arn:aws:sts::999999999999:assumed-role/ci/*'];
    const trust = { issuer: AWS_PRINCIPALS, audiences: [], subjects, sessionNames: ['cci-*'] };
    server.state.roles.set(role.arn, { ...role, trust });
    const policy = element(await getRole({ RoleName: 'deploy' }), 'AssumeRolePolicyDocument') ?? '';
    expect(JSON.parse(decodeURIComponent(policy)).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: subjects },
        Action: 'sts:AssumeRole',
        Condition: { StringLike: { 'sts:RoleSessionName': ['cci-*'] } },
      },
    ]);
  });

  test('knows the roles of the caller alone', async () => {
    const key = mintAccessKey('arn:aws:sts::999999999999:assumed-role/deploy/x');
    server.state.keys.set(key.id, key);
    const answers = [await getRole({ RoleName: 'deploy' }, { key }), await getRole({ RoleName: 'none' })];
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(element(answer, 'Code')).toBe('NoSuchEntity');
    }
    expect(server.violations).toEqual([]);
  });

  const wrong: [string, () => Promise<Answer>, string][] = [
    ['no name', () => getRole({}), 'ValidationError'],
    ['an ARN as the name', () => getRole({ RoleName: server.state.defaultRoleArn }), 'ValidationError'],
    ['an unknown parameter', () => getRole({ RoleName: 'deploy', Path: '/' }), 'StrictFakeViolation'],
    ['another version', () => getRole({ RoleName: 'deploy', Version: '2011-06-15' }), 'StrictFakeViolation'],
    [
      'a signature for a Region',
      () => getRole({ RoleName: 'deploy' }, { region: 'eu-west-1' }),
      'SignatureDoesNotMatch',
    ],
    ['no signature', () => sendRaw(server, iamRequest({ RoleName: 'deploy' })), 'MissingAuthenticationToken'],
  ];
  test.each(wrong)('%s is refused and kept', async (_name, send, code) => {
    const answer = await send();
    expect(element(answer, 'Code')).toBe(code);
    expect(server.violations).toHaveLength(1);
  });
});

test.each([
  ['arn:aws:iam::111122223333:root', '111122223333'],
  ['arn:aws:iam::111122223333:user/jo', 'AIDAFAKEUSERID0000001'],
  ['arn:aws:sts::111122223333:assumed-role/deploy/cci-1', 'AROAFAKEROLEID0000001:cci-1'],
])('GetCallerIdentity of %s has the user id %s', async (arn, userId) => {
  const key = mintAccessKey(arn);
  server.state.keys.set(key.id, key);
  const answer = await sendSigned(server, stsRequest({ Action: 'GetCallerIdentity' }), {
    service: 'sts',
    key,
  });
  expect([element(answer, 'Arn'), element(answer, 'UserId')]).toEqual([arn, userId]);
});
