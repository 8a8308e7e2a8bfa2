import { type ResolvedTemplate, resolveDocument } from './resolve-template.ts';
import { readTemplateDocument } from './template-document.ts';

/** A template with given parameters, and the parameters. */
export interface Combination {
  readonly parameters: Readonly<Record<string, string>>;
  readonly template: ResolvedTemplate;
}

/** Resolves a template for every choice of one value per parameter; `undefined` leaves a parameter to its default. */
export function resolveCombinations(
  name: string,
  choices: Readonly<Record<string, readonly (string | undefined)[]>>,
): Combination[] {
  const document = readTemplateDocument(name);
  return combinationsOf(choices).map(parameters => ({
    parameters,
    template: resolveDocument(document, parameters),
  }));
}

/** Every choice of one value per parameter; a parameter with the value `undefined` is left to its default. */
export function combinationsOf(
  choices: Readonly<Record<string, readonly (string | undefined)[]>>,
): Record<string, string>[] {
  return Object.entries(choices).reduce<Record<string, string>[]>(
    (found, [name, values]) =>
      found.flatMap(sofar =>
        values.map(value => (value === undefined ? sofar : { ...sofar, [name]: value })),
      ),
    [{}],
  );
}
