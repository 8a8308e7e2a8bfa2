import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpoolText, type SpoolFile, toSpoolText } from '../../../../src/core/delivery/spool-file.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b';
const FILE: SpoolFile = { sink: 'lake', target: CHANNEL, markers: [sampleMarker()] };

/** The file's text with these members instead of its own. */
function textWith(members: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ version: 1, ...FILE, ...members });
}

describe('the text of a spool file', () => {
  test('is one line of JSON with a version', () => {
    const text = toSpoolText(FILE);
    expect(text).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(text)).toEqual({
      version: 1,
      sink: 'lake',
      target: CHANNEL,
      markers: [sampleMarker()],
    });
  });

  test('has the reasons of what was refused, which reading leaves out', () => {
    const refusals = [{ uid: 'u', component: 'lambda:a', errorCode: 'InvalidData', errorMessage: 'no' }];
    const text = toSpoolText({ ...FILE, refusals });
    expect(JSON.parse(text)).toMatchObject({ refusals });
    expect(parseSpoolText(text)).toEqual({ ...FILE, broken: [] });
  });

  test('gives back every marker as it was, UID and times included', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            uid: fc.uuid(),
            reason: fc
              .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
              .filter(text => text.trim() !== ''),
            recorded_at: fc
              .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
              .map(date => `${date.toISOString().slice(0, 19)}Z`),
          }),
          { minLength: 1, maxLength: 20 },
        ),
        fields => {
          const file: SpoolFile = {
            ...FILE,
            sink: 'logs',
            target: 'eu-west-1:/deploys',
            markers: fields.map(sampleMarker),
          };
          expect(parseSpoolText(toSpoolText(file))).toEqual({ ...file, broken: [] });
        },
      ),
    );
  });

  test('gives back a marker without the fields that need not be there', () => {
    const { uid, deploy_id, env, component, git_sha, actor, recorded_at } = sampleMarker();
    const marker = { uid, deploy_id, env, component, git_sha, actor, recorded_at, status: 'pending' };
    const read = parseSpoolText(textWith({ markers: [marker] }));
    expect(read).toMatchObject({ markers: [marker] });
  });
});

test('a good marker beside bad ones is read, and they are kept as they stand', () => {
  const read = parseSpoolText(textWith({ markers: [{}, sampleMarker(), null] }));
  expect(read).toEqual({ ...FILE, markers: [sampleMarker()], broken: [{}, null] });
});

describe('a text that is no spool file is told why', () => {
  const { uid: _uid, ...withoutUid } = sampleMarker();
  const { recorded_at: _recorded, ...withoutTime } = sampleMarker();
  const { deploy_id: _deploy, ...withoutDeploy } = sampleMarker();
  const whole = toSpoolText(FILE);
  test.each([
    ['nothing', '', 'it is not JSON'],
    ['half a file', whole.slice(0, whole.length / 2), 'it is not JSON'],
    ['a list', '[]', 'it is not an object'],
    ['null', 'null', 'it is not an object'],
    ['another version', textWith({ version: 2 }), 'its version is not 1'],
    ['no version', textWith({ version: undefined }), 'its version is not 1'],
    ['a version as text', textWith({ version: '1' }), 'its version is not 1'],
    ['an unknown sink', textWith({ sink: 'file' }), 'its sink is unknown'],
    ['no target', textWith({ target: undefined }), 'it has no target'],
    ['an empty target', textWith({ target: '' }), 'it has no target'],
    ['no markers', textWith({ markers: [] }), 'it has no markers'],
    ['markers that are no list', textWith({ markers: sampleMarker() }), 'it has no markers'],
    ['a marker that is a number', textWith({ markers: [1] }), 'none of its markers holds'],
    ['a marker without UID', textWith({ markers: [withoutUid] }), 'none of its markers holds'],
    ['a marker without recorded_at', textWith({ markers: [withoutTime] }), 'none of its markers holds'],
    ['a marker without deploy_id', textWith({ markers: [withoutDeploy] }), 'none of its markers holds'],
    [
      'a marker with a wrong time',
      textWith({ markers: [{ ...sampleMarker(), deployed_at: 'noon' }] }),
      'none of its markers holds',
    ],
  ])('%s', (_, text, why) => {
    expect(parseSpoolText(text)).toBe(why);
  });

  test('and none makes it throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        expect(typeof parseSpoolText(text)).toBe('string');
      }),
    );
  });
});

test.each(['eu-west-1:/deploys', 'eu-west-1:/deploys:lambda-a/2025-12-14', 'us-gov-west-1:a_b.c#d'])(
  '%s is a place in CloudWatch Logs',
  target => {
    expect(parseSpoolText(textWith({ sink: 'logs', target }))).toMatchObject({ sink: 'logs', target });
  },
);

describe('a target that no sink can be opened with', () => {
  test.each([
    ['lake', 'nonsense'],
    ['lake', 'arn:aws:sns:eu-west-1:111122223333:topic'],
    ['logs', '/deploys'],
    ['logs', 'eu-west-1:'],
    ['logs', 'eu-west-1:a name'],
    ['logs', ':/deploys'],
    ['logs', 'eu-west-1:/deploys:a:b'],
    ['logs', 'eu-west-1:/deploys:'],
  ])('%s to %s is told', (sink, target) => {
    expect(parseSpoolText(textWith({ sink, target }))).toBe(`its target is no place for ${sink}`);
  });
});
