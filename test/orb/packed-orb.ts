import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { isJsonObject } from '../fakes/http-message.ts';

/** A YAML map. */
export type YamlMap = Readonly<Record<string, unknown>>;

/** What a command, job or executor of an orb, or of a user's config, looks like before it is compiled. */
export interface Library {
  readonly commands?: YamlMap;
  readonly executors?: YamlMap;
  readonly jobs?: YamlMap;
}

/** The orb that is released; `build-once.ts` makes sure that it is that of the present source. */
export const PACKED_ORB: string = fileURLToPath(new URL('../../dist/orb.yml', import.meta.url));

/** The value if it is a map, else an error that names `what`. */
export function toMap(value: unknown, what: string): YamlMap {
  if (!isJsonObject(value)) throw new Error(`${what} is not a map: ${JSON.stringify(value)}`);
  return value;
}

/** A library out of the text of a packed orb. */
export function parseOrb(text: string): Library & YamlMap {
  const orb = toMap(parse(text), 'the orb');
  const part = (key: string): YamlMap => toMap(orb[key] ?? {}, key);
  return { ...orb, commands: part('commands'), executors: part('executors'), jobs: part('jobs') };
}

/** The packed orb of `dist`. */
export async function readPackedOrb(): Promise<Library & YamlMap> {
  return parseOrb(await readFile(PACKED_ORB, 'utf8'));
}
