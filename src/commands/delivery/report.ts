import { quote } from '../../core/base/quote.ts';
import type { DeliveredMarker } from '../../core/delivery/delivery.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { isOwnCode } from '../../errors/codes.ts';
import { toVisible } from '../../errors/visible-text.ts';
import type { CommandContext } from '../command.ts';
import type { DeliveryTally } from './run.ts';

/** Tells what became of markers while they are being delivered. */
export interface DeliveryReport {
  /** Opens a sink's part; the function it returns takes markers as they are confirmed. */
  begin(sink: MarkerSink): (delivered: readonly DeliveredMarker[]) => void;
  end(sink: MarkerSink, tally: DeliveryTally): void;
  close(): void;
}

/**
 * A report on stdout: a line per marker, or, with `--json`, one object that is written as it grows, so that its memory
 * does not. What was not stored is told on stderr unless `ignoresErrors`, or in the object.
 */
export function createReport(
  { out, json }: CommandContext,
  { ignoresErrors, showsLines }: { readonly ignoresErrors: boolean; readonly showsLines: boolean },
): DeliveryReport {
  if (json) return jsonReport(text => out.jsonPiece(text));
  return lineReport(out, ignoresErrors, showsLines);
}

function lineReport(out: CommandContext['out'], ignoresErrors: boolean, showsLines: boolean): DeliveryReport {
  return {
    begin(sink) {
      const place = sink.name === 'file' ? showTitle(sink.title) : sink.name;
      if (!showsLines) return () => {};
      const describe = ({ uid, component, eventId }: DeliveredMarker): string =>
        `stored in ${place}: ${component} uid=${uid}${eventId === null ? '' : ` event=${eventId}`}`;
      return delivered => out.results(delivered.map(describe));
    },
    end(sink, { delivered, failed, error }) {
      if (ignoresErrors || error === undefined) return;
      // What a whole call failed of is told by the error, and not once more for each marker.
      const refused = failed.filter(({ errorCode }) => !isOwnCode(errorCode));
      for (const { uid, component, errorCode, errorMessage } of refused) {
        out.warn(`not stored in ${sink.name}: ${component} uid=${uid} ${errorCode}: ${errorMessage}`);
      }
      if (delivered + failed.length > Math.max(1, refused.length)) {
        out.warn(`${delivered} markers were stored in ${sink.name}, ${failed.length} were not`);
      }
    },
    close: () => {},
  };
}

/** A path may hold anything; what would move the cursor or end the line is not printed as it is. */
function showTitle(title: string): string {
  return toVisible(title) === title ? title : quote(title);
}

function jsonReport(write: (text: string) => void): DeliveryReport {
  let sinks = 0;
  return {
    begin(sink) {
      write(
        `${sinks === 0 ? '{"version":1,"results":[' : ','}{"sink":${JSON.stringify(sink.name)},"delivered":[`,
      );
      sinks += 1;
      let isFirst = true;
      return delivered => {
        if (delivered.length === 0) return;
        // The list goes on from parcel to parcel.
        write(`${isFirst ? '' : ','}${JSON.stringify(delivered).slice(1, -1)}`);
        isFirst = false;
      };
    },
    end: (_sink, { failed, spooled }) =>
      write(`],"failed":${JSON.stringify(failed)},"spooled":${JSON.stringify(spooled)}}`),
    close: () => write(sinks === 0 ? '{"version":1,"results":[]}\n' : ']}\n'),
  };
}
