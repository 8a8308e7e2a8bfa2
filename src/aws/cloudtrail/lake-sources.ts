import { parseJsonRecord } from '../../core/base/json-record.ts';
import { describeProblems } from '../../core/base/problem.ts';
import { markerFromRow } from '../../core/marker/from-lake.ts';
import type { ChangeSource, MarkerSource } from '../../core/source/source.ts';
import { changesSql, markersSql } from '../../core/sql/lake.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { foldFailures } from '../../io/records/folded-failures.ts';
import type { CloudTrailOptions } from './client.ts';
import { runLakeQuery } from './lake-query.ts';

/** A store of CloudTrail Lake, and how it is reached. */
export interface LakeSourceOptions extends CloudTrailOptions {
  /** Id or ARN of the event data store. */
  readonly store: string;
  /** `eventSource` of the markers, where it is another than ours. */
  readonly eventSource?: string | undefined;
}

/** Changes in a store of management events. A row that is no record is a gap. */
export function createLakeChanges(options: LakeSourceOptions): ChangeSource {
  const title = `lake:${options.store}`;
  return {
    title,
    kind: 'store',
    async read(query, take, { signal }) {
      let broken = 0;
      for await (const { event_json: text } of runLakeQuery({
        ...options,
        statement: changesSql(options.store, query),
        signal,
      })) {
        const record = text === undefined ? undefined : parseJsonRecord(text);
        if (record === undefined) broken += 1;
        else take(record);
      }
      return broken === 0 ? [] : [unreadableRows(title, broken)];
    },
  };
}

/** Markers in a store of an integration. Rows that are no markers are one gap. */
export function createLakeMarkers(options: LakeSourceOptions): MarkerSource {
  const title = `lake:${options.store}`;
  return {
    title,
    async read(range, take, { signal }) {
      const gaps: DeployMarkerError[] = [];
      const statement = markersSql(options.store, { ...range, eventSource: options.eventSource });
      for await (const row of runLakeQuery({ ...options, statement, signal })) {
        const { value, problems } = markerFromRow(row);
        if (value !== undefined) take(value);
        else gaps.push(noMarker(`${title}, uid ${row['uid']}`, describeProblems(problems)));
      }
      return foldFailures(gaps, 'event');
    },
  };
}

function unreadableRows(title: string, count: number): DeployMarkerError {
  return new DeployMarkerError(
    'UNEXPECTED_RESPONSE',
    `${title} gave ${count === 1 ? '1 row that is' : `${count} rows that are`} no CloudTrail record`,
  );
}

function noMarker(place: string, why: string): DeployMarkerError {
  return new DeployMarkerError('MARKER_INVALID', `${place} holds no marker: ${why}`, {
    hint: 'look at the event in CloudTrail Lake',
  });
}
