import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byStart, DEFAULT_WINDOW, readMarkers } from '../../../../src/core/deploy/deploy.ts';
import { DeployList } from '../../../../src/core/deploy/list.ts';
import { formatUtcTime } from '../../../../src/core/time/utc.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const MINUTE = 60_000;

test('finds the deploys around a time, in the order of their starts', () => {
  const deploy = fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 300 }));
  fc.assert(
    fc.property(fc.array(deploy), fc.integer({ min: -10, max: 1000 }), (times, minute) => {
      const markers = times.map(([start, length], rank) => {
        const end = formatUtcTime((start + length) * MINUTE);
        const { explains: _, ...marker } = sampleMarker({
          uid: `u${rank}`,
          deploy_id: `d${rank}`,
          started_at: formatUtcTime(start * MINUTE),
          deployed_at: end,
          recorded_at: end,
        });
        return marker;
      });
      const { deploys } = readMarkers(markers, DEFAULT_WINDOW, 0);
      const list = new DeployList();
      for (const each of deploys) list.add(each);
      const time = minute * MINUTE;
      expect(list.all).toEqual(deploys.toSorted(byStart));
      expect(list.around(time)).toEqual(
        deploys.filter(({ opens, closes }) => opens <= time && time <= closes),
      );
    }),
  );
});
