import { isDeepStrictEqual } from 'node:util';
import { listOr, listSteps, mapOr } from '../orb/orb-parts.ts';
import type { YamlMap } from '../orb/packed-orb.ts';

// A rule takes a parsed YAML file and gives one line for each thing that breaks it.

// 1.2.3 or, of images that are named after their month, 2026.08 and 2026.08.1; then what variant it is.
const EXACT_TAG = /^(?:\d+\.\d+\.\d+|20\d\d\.\d\d(?:\.\d+)?)(?:-[a-z]+[\d.]*)?$/;
const EXACT_DIGEST = /@sha256:[0-9a-f]{64}$/;
const EXACT_ORB = /^[\w-]+\/[\w-]+@\d+\.\d+\.\d+$/;
const ANY_TAG = '/.*/';
const RELEASE_FILTER = { branches: { ignore: ANY_TAG }, tags: { only: '/^v[0-9]+\\.[0-9]+\\.[0-9]+$/' } };
// A dry run of ours asks nobody.
const PUBLISHES = /publish-npm(?!\.mjs --dry-run\b)|\b(?:npm|orb) publish\b/;

/** A job as a workflow calls it. */
interface Call {
  readonly workflow: string;
  readonly job: string;
  readonly name: string;
  readonly given: YamlMap;
}

function listCalls(config: YamlMap): Call[] {
  return Object.entries(mapOr(config['workflows'])).flatMap(([workflow, definition]) =>
    listOr(mapOr(definition)['jobs']).map(entry => {
      const [job = '', given] = typeof entry === 'string' ? [entry] : (Object.entries(mapOr(entry))[0] ?? []);
      return { workflow, job, name: String(mapOr(given)['name'] ?? job), given: mapOr(given) };
    }),
  );
}

/** Every value under `key`, at any depth. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(entry => valuesOf(key, entry));
  return Object.entries(mapOr(value)).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...valuesOf(key, inner),
  ]);
}

/** What a parameter of a job or executor can be: its default, and what workflows pass. */
function parameterValues(name: string, definition: YamlMap, calls: readonly Call[]): unknown[] {
  const declared = mapOr(mapOr(definition['parameters'])[name]);
  const passed = calls.flatMap(({ given }) => [
    given[name],
    ...listOr(mapOr(mapOr(given['matrix'])['parameters'])[name]),
  ]);
  return [declared['default'], ...passed].filter(value => value !== undefined);
}

/** Images of jobs and executors, each with every value that a parameter in it can have. */
export function imagesOf(config: YamlMap): string[] {
  const calls = listCalls(config);
  const definitions = ['jobs', 'executors'].flatMap(kind => Object.entries(mapOr(config[kind])));
  // A file of an unpacked orb is one job or executor by itself.
  return [...definitions, ['', config] as const].flatMap(([job, value]) => {
    const definition = mapOr(value);
    const own = calls.filter(call => call.job === job);
    const images = ['docker', 'machine'].flatMap(kind => valuesOf('image', definition[kind]));
    return images.map(String).flatMap(image => {
      const [reference, name = ''] = /<<\s*parameters\.(\w+)\s*>>/.exec(image) ?? [];
      if (reference === undefined) return [image];
      const values = parameterValues(name, definition, own);
      return values.length === 0 ? [image] : values.map(each => image.replace(reference, String(each)));
    });
  });
}

/** Every image and every orb is one exact version, so that nothing changes by itself. */
export function pinProblems(config: YamlMap): string[] {
  const orbs = valuesOf('orbs', config).flatMap(each => Object.values(mapOr(each)));
  return [
    ...imagesOf(config)
      .filter(image => !EXACT_DIGEST.test(image) && !EXACT_TAG.test(/^[^:@]+:(.+)$/.exec(image)?.[1] ?? ''))
      .map(image => `the image ${image} is no exact version`),
    ...orbs
      .filter(orb => typeof orb === 'string' && !EXACT_ORB.test(orb))
      .map(orb => `the orb ${orb} is no exact version`),
  ];
}

/** Every `run` step has a name, which is what CircleCI's pages show. */
export function stepNameProblems(config: YamlMap): string[] {
  const lists = [
    ...valuesOf('steps', config),
    ...['pre-steps', 'post-steps'].flatMap(key => valuesOf(key, config)),
  ];
  const runs = lists
    .flatMap(list => listOr(list))
    .flatMap(step => ('run' in mapOr(step) ? [mapOr(step)['run']] : []));
  return runs
    .filter(run => typeof mapOr(run)['name'] !== 'string' || mapOr(run)['name'] === '')
    .map(run => `a step has no name: ${JSON.stringify(run)}`);
}

/** What publishes runs for a release tag only, within a context, and after jobs that run for that tag too. */
export function releaseProblems(config: YamlMap): string[] {
  const calls = listCalls(config);
  const isRelease = ({ job, given }: Call): boolean =>
    job === 'orb-tools/publish' ||
    'context' in given ||
    PUBLISHES.test(JSON.stringify(mapOr(config['jobs'])[job] ?? ''));
  const isForReleases = ({ given }: Call): boolean => isDeepStrictEqual(given['filters'], RELEASE_FILTER);
  const isForTags = ({ given }: Call): boolean => mapOr(mapOr(given['filters'])['tags'])['only'] === ANY_TAG;
  const releases = calls.filter(isRelease);
  return [
    ...releases
      .filter(call => !isForReleases(call))
      .map(({ name }) => `${name} runs not only for release tags`),
    ...releases.filter(({ given }) => !given['context']).map(({ name }) => `${name} has no context`),
    ...releases
      .filter(({ given }) => listOr(given['requires']).length === 0)
      .map(({ name }) => `${name} waits for no test`),
    // A required job that does not run for a tag keeps what requires it from running, and nobody is told.
    ...calls
      .filter(call => !isForReleases(call) && !isForTags(call))
      .map(({ name }) => `${name} does not run for tags`),
  ];
}

/** No file that holds a release has a cache: what is in it may come from a branch of anybody. */
export function cacheProblems(config: YamlMap): string[] {
  return ['save_cache', 'restore_cache'].flatMap(key =>
    listSteps([...valuesOf('steps', config)].flatMap(listOr)).some(({ kind }) => kind === key)
      ? [`it has ${key}`]
      : [],
  );
}
