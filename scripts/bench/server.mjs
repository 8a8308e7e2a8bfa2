// A loopback PutAuditEvents that takes everything: it counts and checks nothing, so that it is never the slower side.
import { createServer } from 'node:http';

let markers = 0;
let times = [];

const server = createServer((request, response) => {
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
