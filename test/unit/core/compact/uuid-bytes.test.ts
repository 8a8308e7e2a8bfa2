import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putUuid, uuidAt } from '../../../../src/core/compact/uuid-bytes.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

test('a UUID comes back as it was put, wherever its bytes stand', () => {
  const uuid = fc.uuid({ version: [1, 4, 5, 7] });
  fc.assert(
    fc.property(fc.array(uuid, { minLength: 1, maxLength: 5 }), uuids => {
      const bytes = new Uint8Array(16 * uuids.length);
      expect(uuids.map((each, rank) => putUuid(each, bytes, rank * 16))).not.toContain(false);
      expect(uuids.map((_, rank) => uuidAt(bytes, rank * 16))).toEqual(uuids);
    }),
  );
});

test('another text is none: one character more, fewer or other', () => {
  const good = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';
  const edit = fc.tuple(
    fc.nat(36),
    fc.nat(1),
    fc.oneof(fc.constantFrom('', '-', 'A', 'g', 'é', '\0'), fc.string()),
  );
  fc.assert(
    fc.property(edit, ([at, gone, put]) => {
      const text = `${good.slice(0, at)}${put}${good.slice(at + gone)}`;
      expect(putUuid(text, new Uint8Array(16), 0)).toBe(UUID.test(text));
    }),
  );
});
