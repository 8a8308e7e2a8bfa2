/** A stream that takes text. */
export interface TextSink {
  write(text: string): void;
  /** Why text was lost, if some was; a reader that has gone away is no reason. */
  readonly failure?: Error | undefined;
}

/** Variables of the environment, as the process holds them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What a person sits at. */
export interface Terminal {
  /** stderr. */
  readonly stream: NodeJS.WriteStream;
  /** Results come to the same screen. */
  readonly showsResults: boolean;
}

/** Everything a command may know of its process. The entry makes one from `process`; tests make their own. */
export interface Io {
  readonly env: Env;
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Where progress can be shown; undefined if stderr is no terminal. */
  readonly terminal?: Terminal | undefined;
  /** Whether stdout is a terminal; absent means no. */
  readonly isTerminal?: boolean | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Version of Node.js, without `v`. */
  readonly nodeVersion: string;
  /** How to start this very program again: the runtime and the script, both absolute. */
  readonly self: { readonly node: string; readonly script: string };
}
