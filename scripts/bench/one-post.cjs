// The floor of emit: node doing one plain HTTP POST.
const { request } = require('node:http');

const post = request(new URL('/PutAuditEvents', process.argv[2]), { method: 'POST' }, answer =>
  answer.resume(),
);
post.end('{"auditEvents":[]}');
