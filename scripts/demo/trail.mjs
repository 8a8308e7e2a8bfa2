// A small trail, as CloudTrail would write it: the deploy of a function, and a fix of it in the console that nobody's deploy explains.

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

const assumed = (role, session) => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
  accountId: ACCOUNT,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLE',
      arn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
      accountId: ACCOUNT,
      userName: role,
    },
    attributes: { mfaAuthenticated: 'false' },
  },
});

function toRecord(rank, { time, name, by, request, ...fields }) {
  return {
    eventVersion: '1.11',
    userIdentity: by,
    eventTime: time,
    eventSource: 'lambda.amazonaws.com',
    eventName: name,
    awsRegion: REGION,
    sourceIPAddress: '192.0.2.1',
    userAgent: 'aws-cli/2',
    requestParameters: request,
    responseElements: null,
    requestID: `00000000-0000-4000-9000-${String(rank).padStart(12, '0')}`,
    eventID: `00000000-0000-4000-8000-${String(rank).padStart(12, '0')}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...fields,
  };
}

/** What a file of a trail holds. `minutesAgo` gives times; `session` is that of the deploy. */
export function toTrail({ minutesAgo, session }) {
  const pipeline = assumed('deploy', session);
  const person = assumed('AWSReservedSSO_Admin_0123456789abcdef', 'jane.doe@example.com');
  const request = { functionName: 'resize-image' };
  const calls = [
    { time: minutesAgo(148), name: 'UpdateFunctionCode20150331v2', by: pipeline, request },
    { time: minutesAgo(147), name: 'PublishVersion20150331', by: pipeline, request },
    {
      time: minutesAgo(95),
      name: 'UpdateFunctionConfiguration20150331v2',
      by: person,
      request: { ...request, memorySize: 2048 },
      sessionCredentialFromConsole: 'true',
    },
    // A trail that lives has records of all that goes on, up to a few minutes ago.
    { time: minutesAgo(1), name: 'GetFunction20150331v2', by: person, request, readOnly: true },
  ];
  return { Records: calls.map((call, rank) => toRecord(rank + 1, call)) };
}
