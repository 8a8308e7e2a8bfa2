import { StartQueryExecutionCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { asDocumented, describe, differs, notAsked, refusalOf, tellOutcome } from '../answer.mjs';

/** API_StartQueryExecution: the length of QueryString. */
const LONGEST_QUERY = 262_144;

/** What can be asked of Athena without a query that is billed. */
export const ATHENA_QUESTIONS = [
  {
    about: `a statement of ${LONGEST_QUERY + 1} characters`,
    documented: 'InvalidRequestException: 262,144 is the most',
    needs: ['markers-bucket'],
    async ask({ aws, names }) {
      const QueryString = 'SELECT 1 --'.padEnd(LONGEST_QUERY + 1, 'x');
      const ResultConfiguration = { OutputLocation: `s3://${names.bucket}/athena/` };
      let QueryExecutionId;
      const start = aws.athena.send(new StartQueryExecutionCommand({ QueryString, ResultConfiguration }));
      const refusal = await refusalOf(start.then(answer => ({ QueryExecutionId } = answer)));
      if (refusal !== undefined) {
        const isAboutLength = /262,?144|length|too long/i.test(refusal.message);
        return isAboutLength ? asDocumented(describe(refusal)) : tellOutcome(refusal);
      }
      await aws.athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
      return differs('it was taken');
    },
  },
  {
    about: 'pages of GetQueryResults; the first row is the header',
    documented: '1,000 rows; yes',
    ask: async () => notAsked('it takes a query that is billed'),
  },
];
