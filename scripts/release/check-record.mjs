// Looks at what the loopback AWS server recorded of a job that used the orb:
// `node scripts/release/check-record.mjs RECORD ERRORS STATUS...`.
//
//   RECORD   file of the server's --record
//   ERRORS   file of its stderr, after it ended
//   STATUS   of every marker that must have arrived, in this order
import { readFileSync } from 'node:fs';

/** What is wrong with recorded requests: one line each. */
function recordProblems(requests, expected) {
  const refused = requests.filter(({ status }) => status !== 200);
  const sent = requests.filter(({ operation }) => operation === 'PutAuditEvents');
  const markers = sent.flatMap(({ parsedBody }) =>
    parsedBody.auditEvents.map(({ eventData }) => JSON.parse(eventData).requestParameters),
  );
  const statuses = markers.map(({ status }) => status).join(' ');
  const sessions = requests
    .filter(({ operation }) => operation === 'AssumeRoleWithWebIdentity')
    .map(({ parsedBody }) => parsedBody.RoleSessionName);
  return [
    ...refused.map(({ operation, status, errorCode }) => `${operation} was refused: ${status} ${errorCode}`),
    ...(statuses === expected.join(' ') ? [] : [`markers: ${statuses || 'none'}, not ${expected.join(' ')}`]),
    ...(sessions.length > 0 ? [] : ['no role was assumed']),
    ...markers
      .filter(({ role_session_name: session }) => !sessions.includes(session))
      .map(
        ({ role_session_name: session }) => `a marker names the session '${session}', which assumed no role`,
      ),
  ];
}

const [record, errors, ...expected] = process.argv.slice(2);
const requests = readFileSync(record, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line));
const violations = readFileSync(errors, 'utf8').split('\n').filter(Boolean);
const problems = [...recordProblems(requests, expected), ...violations];
for (const problem of problems) console.error(`error: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${requests.length} requests, markers: ${expected.join(' ')}`);
