import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type AwsServer, type AwsServerOptions, startAwsServer } from './aws-server.ts';

/** The server of the test that runs, by whose variables the SDK finds it. */
export interface UsedAwsServer {
  readonly server: AwsServer;
}

/**
 * Starts a strict server for each test of a file, and sets its variables. After the test nothing may have been sent that AWS would not
 * take.
 */
export function useAwsServer(options: AwsServerOptions = {}): UsedAwsServer {
  let current: AwsServer | undefined;
  beforeEach(async () => {
    current = await startAwsServer(options);
    for (const [name, value] of Object.entries(current.env())) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await current?.close();
    expect(current?.violations).toEqual([]);
  });
  return {
    get server() {
      if (current === undefined) throw new Error('there is a server inside of tests alone');
      return current;
    },
  };
}
