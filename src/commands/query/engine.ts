import type { CorrelationQuestion } from '../../core/sql/correlation.ts';

/** A row of a result, without what is NULL. */
export type QueryRow = Readonly<Record<string, string>>;

/** An engine with the tables or stores that flags name. */
export interface QueryEngine {
  /** The statement that ties changes to deploys. With `--run` the engine may be asked what its tables look like. */
  toStatement(question: CorrelationQuestion): Promise<string>;
  run(statement: string): AsyncIterable<QueryRow>;
  /** What the run cost, once it is over. */
  statistics(): object;
}
