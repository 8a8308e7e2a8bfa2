import { parseSource } from '../../scripts/orb/yaml-source.mjs';
import { mapOr, type Problem } from './orb-parts.ts';
import type { YamlMap } from './packed-orb.ts';
import { cutRunSteps, type RunText } from './run-texts.ts';

// The checks of orb-tools that need no network, over the source: src/scripts/review.bats of CircleCI-Public/orb-tools-orb, 12.x.
// RC006 and RC007 ask whether the URLs of `display` answer.

/** Path below the source folder to text. */
export type SourceTree = ReadonlyMap<string, string>;

/** The orb that is reviewed, as its examples must name it. */
export interface OrbIdentity {
  /** `namespace/name` */
  readonly name: string;
  /** Key under which the examples have it. */
  readonly key: string;
  /** Version that is released next. */
  readonly version: string;
}

interface Source {
  readonly path: string;
  readonly section: string;
  readonly name: string;
  readonly value: YamlMap;
  /** Its `run` steps, each as the review reads it. */
  readonly runs: readonly RunText[];
}

type Rule = (sources: readonly Source[], orb: OrbIdentity) => Omit<Problem, 'code'>[];

// Default of the parameter max_command_length of orb-tools' review job.
const MAX_COMMAND_LENGTH = 64;
const MIN_DESCRIPTION_LENGTH = 64;
const SNAKE_CASE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const CODE_SECTIONS = ['commands', 'jobs', 'executors'];

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function toSources(tree: SourceTree): Source[] {
  return [...tree].flatMap(([path, text]) => {
    const [, section = '', name] =
      /^(?:(commands|jobs|executors|examples)\/)?(@orb|[^/@]+)\.ya?ml$/.exec(path) ?? [];
    if (name === undefined) return [];
    return [{ path, section, name, value: mapOr(parseSource(path, text)), runs: cutRunSteps(text) }];
  });
}

const rootOf = (sources: readonly Source[]): Source | undefined =>
  sources.find(({ name }) => name === '@orb');

/** All `run` steps of commands and jobs, with the file that each is in. */
const listRuns = (sources: readonly Source[]): { source: Source; run: RunText }[] =>
  sources
    .filter(({ section }) => section === 'jobs' || section === 'commands')
    .flatMap(source => source.runs.map(run => ({ source, run })));

/** Every string below `value` with its path. */
function listStrings(value: unknown, path: readonly string[] = []): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path: path.join('.'), text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => listStrings(inner, [...path, key]));
}

function hasSourceUrl(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  const url = mapOr(rootOf(sources)?.value['display'])['source_url'];
  return isText(url) ? [] : [{ file: '@orb.yml', message: 'display.source_url is not set' }];
}

function isDescribed(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  return sources
    .filter(({ section, value }) => section !== '' && !isText(value['description']))
    .map(({ path }) => ({ file: path, message: 'it has no description' }));
}

function hasExamples(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  const hasOne = sources.some(({ section, path }) => section === 'examples' && path.endsWith('.yml'));
  return hasOne ? [] : [{ file: 'examples/', message: 'there is no example' }];
}

// In orb-tools this check never finds anything: its `find` looks for a file of the name `*.yml` and is thrown away.
function namesExamplesWell(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  return sources
    .filter(({ section, name }) => section === 'examples' && /example/i.test(name))
    .map(({ path }) => ({ file: path, message: 'the name says "example" instead of what it shows' }));
}

function hasDetailedDescription(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  const description = rootOf(sources)?.value['description'];
  const length = isText(description) ? description.trim().length : 0;
  if (length >= MIN_DESCRIPTION_LENGTH) return [];
  return [
    {
      file: '@orb.yml',
      message: `the description has ${length} characters, fewer than ${MIN_DESCRIPTION_LENGTH}`,
    },
  ];
}

// The review prints a step and reads that text again, which an alias of an anchor elsewhere does not survive: so in RC009.
function namesRunSteps(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  return listRuns(sources).flatMap(({ source, run }) => {
    const file = source.path;
    if (run.problem !== undefined) return [{ file, message: `line ${run.line}: ${run.problem}` }];
    return isText(mapOr(run.value)['name'])
      ? []
      : [{ file, message: `line ${run.line}: a run step has no name` }];
  });
}

function includesLongCommands(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  return listRuns(sources).flatMap(({ source, run }) => {
    const file = source.path;
    if (run.problem !== undefined) return [{ file, message: `line ${run.line}: ${run.problem}` }];
    if (typeof run.value === 'string') return [{ file, message: 'a run step is only a string' }];
    const command = mapOr(run.value)['command'];
    if (!isText(command) || command.length <= MAX_COMMAND_LENGTH || command.includes('<<include(')) return [];
    return [{ file, message: `a command of ${command.length} characters is not included` }];
  });
}

// Examples, which orb-tools names in this check's title but does not look at, count as well.
function isSnakeCase(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  return sources
    .filter(({ section }) => section !== '')
    .flatMap(({ path, name, value }) =>
      [name, ...Object.keys(mapOr(value['parameters']))]
        .filter(word => !SNAKE_CASE.test(word))
        .map(word => ({ file: path, message: `${word} is not snake_case` })),
    );
}

/** orb-tools asks for the major version, and only of a tag; a stale minor one shows users parameters that it may lack. */
function showsVersion(sources: readonly Source[], orb: OrbIdentity): Omit<Problem, 'code'>[] {
  const minor = orb.version.split('.').slice(0, 2).join('.');
  const right = [minor, orb.version].map(version => `${orb.name}@${version}`);
  return sources
    .filter(({ section }) => section === 'examples')
    .flatMap(({ path, value }) => {
      const shown = mapOr(mapOr(value['usage'])['orbs'])[orb.key];
      return right.includes(String(shown))
        ? []
        : [{ file: path, message: `it shows ${shown}, not ${right.join(' or ')}` }];
    });
}

/** A cache key is not expanded by a shell; orb-tools looks for the parameter's name in every value of a property `…key`. */
function keepsVariablesFromKeys(sources: readonly Source[]): Omit<Problem, 'code'>[] {
  return sources
    .filter(({ section }) => CODE_SECTIONS.includes(section))
    .flatMap(({ path, value }) => {
      const keys = listStrings(value).filter(entry => entry.path.endsWith('key'));
      return Object.entries(mapOr(value['parameters']))
        .filter(([, declaration]) => /\$(?!$)/.test(String(mapOr(declaration)['default'] ?? '')))
        .flatMap(([name]) =>
          keys
            .filter(({ text }) => text.includes(name))
            .map(key => ({ file: path, message: `${key.path} takes ${name}, whose default is a variable` })),
        );
    });
}

const RULES: Readonly<Record<string, Rule>> = {
  RC001: hasSourceUrl,
  RC002: isDescribed,
  RC003: hasExamples,
  RC004: namesExamplesWell,
  RC005: hasDetailedDescription,
  RC008: namesRunSteps,
  RC009: includesLongCommands,
  RC010: isSnakeCase,
  RC011: showsVersion,
  RC012: keepsVariablesFromKeys,
};

/** What orb-tools' review would find in the source of an orb, without network. */
export function reviewOrb(tree: SourceTree, orb: OrbIdentity): Problem[] {
  const sources = toSources(tree);
  return Object.entries(RULES).flatMap(([code, rule]) =>
    rule(sources, orb).map(problem => ({ code, ...problem })),
  );
}
