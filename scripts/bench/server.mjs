// A loopback PutAuditEvents that takes everything, and an STS that gives everybody everything: it counts and checks nothing, so that it is
// never the slower side.
import { createServer } from 'node:http';

let markers = 0;
let times = [];

const ROLE = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/deploy/bench</Arn><AssumedRoleId>A:bench</AssumedRoleId></AssumedRoleUser>
<Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

const server = createServer((request, response) => {
  if (!request.url.startsWith('/PutAuditEvents')) {
    request.resume();
    response.setHeader('content-type', 'text/xml');
    return response.end(ROLE);
  }
  times.push(performance.now());
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    const { auditEvents } = JSON.parse(Buffer.concat(chunks));
    markers += auditEvents.length;
    const successful = auditEvents.map(({ id }) => ({ id, eventID: id }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ successful, failed: [] }));
  });
  return undefined;
});

process.on('message', question => {
  const milliseconds = (times.at(-1) ?? 0) - (times[0] ?? 0);
  process.send({ markers, requests: times.length, milliseconds });
  if (question === 'reset') {
    markers = 0;
    times = [];
  }
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
