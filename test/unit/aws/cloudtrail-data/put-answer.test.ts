import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer } from '../../../../src/aws/answers/documented.ts';
import { PUT_AUDIT_EVENTS } from '../../../../src/aws/answers/shapes.ts';
import { readPutAnswer } from '../../../../src/aws/cloudtrail-data/put-answer.ts';

const odd = fc.constantFrom<unknown>(undefined, null, '', 0, true, [], {}, ['a']);
const member = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('a', 'b') }, { weight: 1, arbitrary: odd });
const entry = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      { id: member, eventID: member, errorCode: member, errorMessage: member },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { weight: 1, arbitrary: odd },
);
const list = fc.oneof(
  { weight: 8, arbitrary: fc.array(entry, { maxLength: 2 }) },
  { weight: 1, arbitrary: odd },
);
const answer = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({ successful: list, failed: list }, { requiredKeys: [], noNullPrototype: true }),
  },
  { weight: 1, arbitrary: odd },
);

/** The members that are used, or the error. */
async function outcomeOf(read: () => unknown): Promise<unknown> {
  try {
    return PUT_AUDIT_EVENTS.parse(await read());
  } catch (error) {
    return String(error);
  }
}

test('an answer is read as its documentation says, whether by the quick look or not', async () => {
  const rules = { operation: 'PutAuditEvents', shape: PUT_AUDIT_EVENTS };
  await fc.assert(
    fc.asyncProperty(answer, async output => {
      expect(await outcomeOf(() => readPutAnswer(output))).toEqual(
        await outcomeOf(() => readAnswer(rules, output)),
      );
    }),
    { numRuns: 3000 },
  );
});
