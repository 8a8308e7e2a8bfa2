import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../../fakes/loopback-port.ts';

/** A store or a channel. */
export interface LakeThing {
  readonly arn: string;
  /** What it was made with. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What CloudTrail Lake has in an account that is open to it, and no more than makes and removes it. */
export interface OpenLake {
  readonly url: string;
  /** By name. */
  readonly things: Map<string, LakeThing>;
  /** The next answers of these operations are lost on their way. */
  readonly lost: Set<string>;
  /** These operations are never answered, and do nothing. */
  readonly hung: Set<string>;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine. */
export async function startOpenLake(account: string): Promise<OpenLake> {
  const things = new Map<string, LakeThing>();
  const lost = new Set<string>();
  const hung = new Set<string>();
  const make = (kind: string, input: Record<string, unknown>): string => {
    const arn = `arn:aws:cloudtrail:eu-west-1:${account}:${kind}/${randomUUID()}`;
    things.set(String(input['Name']), { arn, input });
    return arn;
  };
  const isNew = (input: Record<string, unknown>): boolean => !things.has(String(input['Name']));
  const list = (kind: string): readonly (readonly [string, string])[] =>
    [...things].map(([name, { arn }]) => [name, arn] as const).filter(([, arn]) => arn.includes(`:${kind}/`));
  let isBusy = true;
  const remove = (gone: unknown): object => {
    for (const [name, { arn }] of things) if (arn === gone) things.delete(name);
    return {};
  };
  const operations: Record<string, (input: Record<string, unknown>) => object> = {
    CreateEventDataStore: input =>
      isNew(input)
        ? { EventDataStoreArn: make('eventdatastore', input) }
        : { __type: 'EventDataStoreAlreadyExistsException' },
    CreateChannel: input =>
      isNew(input) ? { ChannelArn: make('channel', input) } : { __type: 'ChannelAlreadyExistsException' },
    GetEventDataStore: () => ({ Status: 'ENABLED' }),
    ListEventDataStores: () => ({
      EventDataStores: list('eventdatastore').map(([Name, EventDataStoreArn]) => ({
        Name,
        EventDataStoreArn,
      })),
    }),
    ListChannels: () => ({ Channels: list('channel').map(([Name, ChannelArn]) => ({ Name, ChannelArn })) }),
    // A store is held by a channel for a while that was just deleted.
    DeleteEventDataStore({ EventDataStore }) {
      isBusy = !isBusy;
      return isBusy ? remove(EventDataStore) : { __type: 'ChannelExistsForEDSException' };
    },
    DeleteChannel: ({ Channel }) => remove(Channel),
  };
  const server = createServer(async (request, response) => {
    const name = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = JSON.parse(await text(request));
    if (hung.has(name)) return;
    const answer = operations[name]?.(body);
    if (lost.delete(name)) {
      request.socket.destroy();
      return;
    }
    const isRefused = answer === undefined || '__type' in answer;
    response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer ?? { __type: 'UnsupportedOperationException' }));
  });
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    things,
    lost,
    hung,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
