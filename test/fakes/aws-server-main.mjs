// Runs the fake AWS server on its own, for bash tests and the AWS CLI.
import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { importTypeScript } from '../../scripts/import-typescript.mjs';

const USAGE = `usage: node aws-server-main.mjs [--port N] [--region R] [--account ID] [--external-id ID]
                                [--long-lived-key] [--fault OPERATION=KIND[:TIMES]]... [--record FILE]
                                [--log-group NAME]... [--topic ARN]... [--bucket NAME]... [--lake-rows FILE]
                                [--history [ACCOUNT/REGION=]FILE]... [--lookups-per-second N]

--history is a file of CloudTrail records as trails write it, {"Records":[...]}; --lake-rows is a JSON array of rows,
the answer to every Lake query. Prints \`export NAME='value'\` lines once it listens, then serves until SIGINT or SIGTERM. --record appends one JSON
line per request. Ends with 1 if a request broke a rule that no correct client breaks, and says so on stderr.
`;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        region: { type: 'string' },
        account: { type: 'string' },
        'external-id': { type: 'string' },
        'long-lived-key': { type: 'boolean', default: false },
        fault: { type: 'string', multiple: true, default: [] },
        record: { type: 'string' },
        'log-group': { type: 'string', multiple: true, default: [] },
        topic: { type: 'string', multiple: true, default: [] },
        bucket: { type: 'string', multiple: true, default: [] },
        'lake-rows': { type: 'string' },
        history: { type: 'string', multiple: true, default: [] },
        'lookups-per-second': { type: 'string', default: '2' },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function queueFault(server, text) {
  const match = /^(\w+)=(\w+)(?::(\d+|always))?$/.exec(text);
  if (match === null) throw new Error(`--fault '${text}' is not OPERATION=KIND[:TIMES]`);
  const [, operation, kind, times = '1'] = match;
  const fault = kind === 'partial' ? { kind, code: 'InternalFailure' } : { kind };
  server.faults.add(operation, fault, times === 'always' ? Number.POSITIVE_INFINITY : Number(times));
}

function readHistory(state, text) {
  const [, place = `${state.accountId}/${state.region}`, file] = /^(?:(\d{12}\/[a-z0-9-]+)=)?(.+)$/.exec(
    text,
  );
  const { Records: records } = JSON.parse(readFileSync(file, 'utf8'));
  state.histories.set(place, [...(state.histories.get(place) ?? []), ...records]);
}

function fillState(state, args) {
  const arn = state.defaultChannelArn;
  if (args['external-id']) state.channels.set(arn, { arn, externalId: args['external-id'] });
  for (const topic of args.topic) state.topics.add(topic);
  for (const bucket of args.bucket) state.buckets.set(bucket, { objects: new Map() });
  for (const text of args.history) readHistory(state, text);
  state.lookupsPerSecond = Number(args['lookups-per-second']);
  if (args['lake-rows']) {
    const rows = JSON.parse(readFileSync(args['lake-rows'], 'utf8'));
    state.lake.answerQuery = () => ({ rows });
  }
}

function shellQuote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function main() {
  const args = readArguments();
  if (args.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { startAwsServer, mintToken } = await importTypeScript(
    "export * from './test/fakes/aws-server.ts'; export * from './test/fakes/oidc-token.ts';",
  );
  const server = await startAwsServer({
    port: Number(args.port),
    temporaryCredentials: !args['long-lived-key'],
    logGroups: args['log-group'],
    ...(args.region ? { region: args.region } : {}),
    ...(args.account ? { accountId: args.account } : {}),
    onRequest(recorded) {
      if (args.record) appendFileSync(args.record, `${JSON.stringify(recorded)}\n`);
    },
  });
  const { state } = server;
  fillState(state, args);
  for (const text of args.fault) queueFault(server, text);

  const stop = async () => {
    await server.close();
    for (const { operation, message } of server.violations)
      process.stderr.write(`violation: ${operation}: ${message}\n`);
    process.exitCode = server.violations.length > 0 ? 1 : 0;
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);

  const variables = {
    ...server.env(),
    FAKE_AWS_CHANNEL_ARN: state.defaultChannelArn,
    FAKE_AWS_ROLE_ARN: state.defaultRoleArn,
    FAKE_AWS_MARKER_STORE: state.lake.markerStoreId,
    FAKE_AWS_CHANGE_STORE: state.lake.changeStoreId,
    FAKE_AWS_OIDC_TOKEN: mintToken(),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${shellQuote(value)}\n`);
  process.stdout.write(lines.join(''));
}

await main();
