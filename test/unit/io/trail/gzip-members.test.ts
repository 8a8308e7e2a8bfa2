import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzipWhole } from '../../../../src/io/trail/gzip-members.ts';

const MOST = 1_000_000;
const text = Buffer.from('{"eventName":"UpdateFunctionCode"}'.repeat(1000));

/** What the tail of gzip says of the length, in place of what is true. */
function telling(length: number, packed: Buffer): Buffer {
  const told = Buffer.from(packed);
  told.writeUInt32LE(length, told.length - 4);
  return told;
}

test('unpacks gzip of one member or more', () => {
  const packed = gzipSync(text);
  expect(gunzipWhole(packed, MOST)).toEqual(text);
  expect(gunzipWhole(Buffer.concat([packed, packed]), MOST)).toEqual(Buffer.concat([text, text]));
  // The last one tells less than there is.
  const big = Buffer.alloc(900_000, text);
  expect(gunzipWhole(Buffer.concat([gzipSync(big), gzipSync('')]), MOST)?.equals(big)).toBe(true);
  expect(gunzipWhole(gzipSync(''), MOST)).toEqual(Buffer.alloc(0));
});

test('leaves to a stream what is damaged, cut off, or followed by something', () => {
  const packed = gzipSync(text);
  expect(gunzipWhole(packed.subarray(0, -9), MOST)).toBeUndefined();
  expect(gunzipWhole(packed.subarray(0, 12), MOST)).toBeUndefined();
  expect(gunzipWhole(Buffer.concat([packed, Buffer.alloc(20)]), MOST)).toBeUndefined();
  expect(gunzipWhole(Buffer.concat([packed, text]), MOST)).toBeUndefined();
  for (const length of [0, 1, text.length - 1, text.length + 1, MOST - 1])
    expect(gunzipWhole(telling(length, packed), MOST)).toBeUndefined();
});

test('leaves to a stream what is more than the most, whatever its tail tells', () => {
  const bomb = gzipSync(Buffer.alloc(100 * MOST));
  expect(gunzipWhole(bomb, MOST)).toBeUndefined();
  expect(gunzipWhole(telling(0, bomb), MOST)).toBeUndefined();
  expect(gunzipWhole(Buffer.concat([bomb, gzipSync('')]), MOST)).toBeUndefined();
  expect(gunzipWhole(telling(2 ** 32 - 1, gzipSync(text)), MOST)).toBeUndefined();
});
