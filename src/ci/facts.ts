import type { CiFacts } from './provider.ts';

const OPTIONAL_FACTS = [
  'jobRunId',
  'workflowRunId',
  'uniqueRun',
  'workflow',
  'job',
  'sha',
  'ref',
  'repository',
  'triggeredBy',
  'url',
] as const satisfies readonly (keyof CiFacts)[];

/** The facts of a provider, absent ones as `undefined`. */
export type FactValues = Readonly<Partial<Record<(typeof OPTIONAL_FACTS)[number], string | undefined>>>;

/** The facts without the absent ones, so that no key is there without a value. */
export function toFacts(system: string, values: FactValues): CiFacts {
  const facts: { -readonly [Key in keyof CiFacts]: CiFacts[Key] } = { system };
  for (const key of OPTIONAL_FACTS) {
    const value = values[key];
    if (value !== undefined) facts[key] = value;
  }
  return facts;
}
