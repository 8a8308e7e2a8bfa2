import type { Report } from '../../../src/core/findings/report.ts';
import type { Investigation } from '../../../src/core/investigate/investigation.ts';
import { summarize } from '../../../src/core/investigate/summary.ts';
import { sampleReport } from './sample-report.ts';

/** What a sample is to be like. */
export interface InvestigationOptions {
  readonly changes: number;
  /** Stands wherever a value comes from outside. */
  readonly text?: string;
  readonly base?: Report;
}

/** An investigation of as many changes, with every kind of recording, strays and drift. */
export function sampleInvestigation({ changes, text = 'orders', base }: InvestigationOptions): Investigation {
  const report = base ?? sampleReport({ changes });
  const [one] = report.changes;
  const component = one?.component ?? `lambda:${text}`;
  const differences = [
    { path: 'timeout', before: { value: 30 }, after: { value: 300 } },
    {
      path: `environment.variables.${text}`,
      before: { characters: 12, sha256: '0a1b2c3d' },
      after: { characters: 5 },
    },
    {
      path: 'layers',
      before: { value: [] },
      after: { value: [`arn:aws:lambda:eu-west-1:111122223333:layer:${text}:3`] },
    },
    { path: 'tracingConfig.mode', after: { value: text } },
  ];
  const frame = { differences: [], noise: 0, shared_with: [] };
  const times = { before_at: '2025-12-13T08:00:00Z', after_at: '2025-12-14T08:00:00Z' };
  const states = [
    {
      ...frame,
      ...times,
      state: 'changed',
      recording: 'continuous',
      differences,
      noise: 2,
      shared_with: ['e1'],
      note: text,
    },
    { ...frame, state: 'waiting', note: 'Config has not recorded it yet' },
    { ...frame, state: 'not-recorded', note: text },
  ] as const;
  const told: Omit<Investigation, 'summary'> = {
    ...report,
    command: 'investigate',
    component,
    changes: report.changes.map((change, rank) => ({
      ...JSON.parse(JSON.stringify(change)),
      request:
        rank % 4 === 3
          ? null
          : {
              fields: [
                { path: 'functionName', value: text },
                { path: `environment.variables.${text}`, characters: 24, sha256: '0a1b2c3d' },
              ],
              more: rank,
            },
      recorded: states[rank % states.length] ?? states[0],
    })),
    strays: [
      { component, account: '111122223333', region: 'eu-west-1', ...times, state: 'changed', differences },
    ],
    drift: [
      {
        account: '111122223333',
        region: 'eu-west-1',
        stack: text,
        found_by: 'tags',
        is_new: false,
        checked_at: '2025-12-14T07:00:00Z',
        state: 'modified',
        notes: [text],
        resources: [
          {
            logical_id: 'Function',
            physical_id: text,
            type: 'AWS::Lambda::Function',
            state: 'modified',
            differences: [
              {
                path: 'Timeout',
                expected: { value: 30 },
                actual: { value: 300 },
                event_id: one?.event_id ?? 'e',
              },
              { path: 'Environment', actual: { characters: 9 } },
            ],
          },
        ],
      },
    ],
  };
  const now = Date.parse('2025-12-14T18:00:00Z');
  return {
    ...told,
    summary: summarize({ ...told, now, at: undefined, hasMarkers: true, sinkFlags: ' --log-group /deploys' }),
  };
}
