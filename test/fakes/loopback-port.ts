import { once } from 'node:events';
import type { Server } from 'node:net';

/** Makes `server` listen on 127.0.0.1 (port 0: any free one) and returns its port. */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
