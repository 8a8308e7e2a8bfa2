import { describe, expect, test } from 'vitest';
import { readTemplateParameters } from '../../src/core/template/parameter.ts';
import { readOne } from './repository.ts';

/** One deployment of a template as a document shows it. */
interface Deployment {
  readonly template: string;
  readonly file: string;
  /** What follows `aws cloudformation deploy`. */
  readonly words: readonly string[];
}

/** Every `template NAME --out FILE` of a document, with the `aws cloudformation deploy` that follows it. */
function deploymentsIn(text: string): Deployment[] {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) =>
    block.replaceAll(/\\\n/g, ' '),
  );
  const pattern = /template ([a-z-]+) --out (\S+)\s+(?:&& )?aws cloudformation deploy ([^\n]*)/g;
  return blocks.flatMap(block =>
    [...block.matchAll(pattern)].map(([, template = '', file = '', rest = '']) => ({
      template,
      file,
      words: rest.trim().split(/\s+/),
    })),
  );
}

const DOCUMENTS = await Promise.all(['README.md', 'src/templates/README.md', 'orb/README.md'].map(readOne));
const DEPLOYMENTS = DOCUMENTS.flatMap(({ text }) => deploymentsIn(text));

describe('what the documents have people deploy', () => {
  test('is more than one template', () => {
    expect(DEPLOYMENTS.map(({ template }) => template)).toEqual([
      ...['logs', 'markers-bucket', 'circleci-role', 'github-role'],
      ...['lake', 'marker-role', 'audit-role'],
    ]);
  });

  test.each(DEPLOYMENTS)(
    '$template names the file that was written, and gives what the template asks for',
    async each => {
      const { template, file, words } = each;
      const parameters = readTemplateParameters((await readOne(`src/templates/${template}.yaml`)).text);
      const from = words.indexOf('--parameter-overrides');
      const given = from === -1 ? [] : words.slice(from + 1).filter(word => /^\w+=/.test(word));
      const names = given.map(word => word.split('=')[0] ?? '');
      expect(words[words.indexOf('--template-file') + 1]).toBe(file);
      expect(names.filter(name => !parameters.some(parameter => parameter.name === name))).toEqual([]);
      const missing = parameters.filter(({ required, name }) => required && !names.includes(name));
      expect(missing).toEqual([]);
      const capability = names.includes('RoleName') ? 'CAPABILITY_NAMED_IAM' : undefined;
      if (capability !== undefined) expect(words).toContain(capability);
    },
  );
});
