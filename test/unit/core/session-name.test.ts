import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkSessionName,
  composeSessionName,
  envProblem,
  isGitSha,
  type SessionNameParts,
} from '../../../src/core/session-name.ts';
import { anyText } from './findings/hostile-text.ts';

const LEGAL = /^[A-Za-z0-9_+=,.@-]{2,64}$/;
const SHA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';

/** RFC 4648 base32 by way of a string of bits, lowercase. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? [])
    .map(five => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five, 2)))
    .join('')
    .toLowerCase();
}

function expectedDigest({ prefix, env, workflow, job, sha }: SessionNameParts): string {
  const given = [prefix || 'ci', env, workflow || null, job || null, sha];
  return base32(createHash('sha256').update(JSON.stringify(given)).digest()).slice(0, 8);
}

/** Cleaning by design's words, character by character. */
function cleaned(text: string): string {
  const ascii = [...text.normalize('NFKD')].filter(character => !/^\p{M}$/u.test(character));
  const kept = ascii.map(character => (/^[A-Za-z0-9_+=,.@-]$/.test(character) ? character : ' '));
  return kept
    .join('')
    .replace(/ +/g, '-')
    .replace(/^-+/, '')
    .split('')
    .reverse()
    .join('')
    .replace(/^-+/, '')
    .split('')
    .reverse()
    .join('');
}

function isAscii(text: string): boolean {
  return [...text].every(character => (character.codePointAt(0) ?? 0) < 0x80);
}

const hex = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: min, maxLength: max });
const cleanText = (max: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...'aZ09_+=,.@-'), minLength: 1, maxLength: max })
    .filter(text => !text.startsWith('-') && !text.endsWith('-'));
const fixedPart = (): fc.Arbitrary<string> =>
  fc.oneof(cleanText(20), anyText()).filter(text => envProblem(text) === undefined);
const anyParts = (): fc.Arbitrary<SessionNameParts> =>
  fc.record(
    { prefix: fixedPart(), env: fixedPart(), workflow: anyText(), job: anyText(), sha: hex(7, 64) },
    { requiredKeys: ['env', 'sha'] },
  );

describe('composeSessionName, for any parts', () => {
  test('is legal, deterministic, and ends in the first seven characters of the commit, lowercase', () => {
    fc.assert(
      fc.property(anyParts(), parts => {
        const composed = composeSessionName(parts);
        expect(composed.name).toMatch(LEGAL);
        expect(composed.name.endsWith(`-${parts.sha.slice(0, 7).toLowerCase()}`)).toBe(true);
        expect(composeSessionName({ ...parts })).toEqual(composed);
        expect(checkSessionName(composed.name)).toBe(composed.name);
      }),
      { numRuns: 300 },
    );
  });

  test('has the digest exactly when something was cut or a part is not ASCII, and it is the published one', () => {
    fc.assert(
      fc.property(anyParts(), parts => {
        const { prefix = 'ci', env, workflow = '', job = '', sha } = parts;
        const { name, digest, changes } = composeSessionName(parts);
        const plain = [prefix || 'ci', env, workflow, job]
          .map(cleaned)
          .concat(sha.slice(0, 7))
          .filter(Boolean)
          .join('-');
        const isNeeded = plain.length > 64 || ![prefix, env, workflow, job].every(isAscii);
        expect(digest !== null).toBe(isNeeded);
        if (digest === null) {
          expect(name).toBe(plain.slice(0, -7) + sha.slice(0, 7).toLowerCase());
          expect(changes.filter(change => change.reason !== 'replaced')).toEqual([]);
        } else {
          expect(digest).toBe(expectedDigest(parts));
          expect(name.endsWith(`-${digest}-${sha.slice(0, 7).toLowerCase()}`)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the digest changes with every single part', () => {
    const digestOf = (parts: SessionNameParts): string | null => composeSessionName(parts).digest;
    fc.assert(
      fc.property(anyParts(), parts => {
        const given = { prefix: 'ci', workflow: '', ...parts, job: `${parts.job ?? ''}é` };
        const digest = digestOf(given);
        expect(digest).not.toBeNull();
        const others: SessionNameParts[] = [
          { ...given, prefix: given.prefix === 'zz' ? 'zy' : 'zz' },
          { ...given, env: given.env === 'zz' ? 'zy' : 'zz' },
          { ...given, workflow: `${given.workflow}x` },
          { ...given, job: `${given.job}x` },
          { ...given, sha: given.sha.length < 64 ? `${given.sha}0` : given.sha.slice(0, -1) },
        ];
        for (const other of others) expect(digestOf(other)).not.toBe(digest);
      }),
    );
  });

  test('clean short parts come out exactly as written', () => {
    fc.assert(
      fc.property(
        cleanText(10),
        cleanText(10),
        cleanText(12),
        cleanText(12),
        hex(7, 64),
        (prefix, env, workflow, job, sha) => {
          expect(composeSessionName({ prefix, env, workflow, job, sha })).toEqual({
            name: `${prefix}-${env}-${workflow}-${job}-${sha.slice(0, 7).toLowerCase()}`,
            digest: null,
            changes: [],
          });
        },
      ),
    );
  });

  test('the changes of a part lead from what was given to what the name holds', () => {
    fc.assert(
      fc.property(anyParts(), parts => {
        const { name, digest, changes } = composeSessionName(parts);
        const given = {
          prefix: parts.prefix || 'ci',
          env: parts.env,
          workflow: parts.workflow ?? '',
          job: parts.job ?? '',
        };
        const final = Object.entries(given).map(([part, text]) => {
          const own = changes.filter(change => change.part === part);
          for (const change of own) expect(change.from).not.toBe(change.to);
          return own.reduce((at, change) => {
            expect(change.from).toBe(at);
            return change.to;
          }, text);
        });
        expect([...final, digest, parts.sha.slice(0, 7).toLowerCase()].filter(Boolean).join('-')).toBe(name);
      }),
    );
  });

  test('a cut part is the beginning of what it was, without a hyphen at the cut, and no room is wasted', () => {
    const long = (): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 200 });
    fc.assert(
      fc.property(long(), long(), (workflow, job) => {
        const { name, changes } = composeSessionName({ env: 'prod', workflow, job, sha: SHA });
        const cuts = changes.filter(change => change.reason === 'cut');
        for (const { from, to } of cuts) {
          expect(from.startsWith(to)).toBe(true);
          expect(to).not.toMatch(/-$/);
        }
        // Only hyphens trimmed at a cut can leave room behind.
        if (cuts.length > 0 && !/-/.test(workflow + job)) expect(name).toHaveLength(64);
      }),
    );
  });

  test('very long input takes no noticeable time, hyphens or not', () => {
    const jobs = [`a${'-'.repeat(100_000)}b`, 'ab'.repeat(50_000), 'a-'.repeat(50_000), ' é'.repeat(50_000)];
    const start = performance.now();
    for (const job of jobs) expect(composeSessionName({ env: 'prod', job, sha: SHA }).name).toMatch(LEGAL);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('composeSessionName, by example', () => {
  test('reads as the documentation says', () => {
    expect(composeSessionName({ env: 'prod', workflow: 'deploy-prod', job: 'sam-deploy', sha: SHA })).toEqual(
      {
        name: 'ci-prod-deploy-prod-sam-deploy-a1b2c3d',
        digest: null,
        changes: [],
      },
    );
  });

  // Digests from Python: base64.b32encode(hashlib.sha256(json).digest())[:8].lower()
  test.each<[SessionNameParts, string]>([
    [{ env: 'prod', workflow: 'deploy', job: 'レシート', sha: 'a1b2c3d' }, 'ci-prod-deploy-zmg6kh7y-a1b2c3d'],
    [{ env: 'prod', workflow: '', job: 'café', sha: 'a1b2c3d' }, 'ci-prod-cafe-ql3nmeo7-a1b2c3d'],
    [{ prefix: '', env: 'prød', sha: '0123456789abcdef' }, 'ci-pr-d-d4szojdw-0123456'],
    [{ env: 'prod"\\', workflow: 'a\tb/🚀', sha: 'deadbeef' }, 'ci-prod-a-b-ljpq2wpj-deadbee'],
    [
      { env: 'prod', workflow: 'w'.repeat(30), job: 'j'.repeat(40), sha: 'A1B2C3D4E5' },
      `ci-prod-${'w'.repeat(19)}-${'j'.repeat(19)}-ripvqixc-a1b2c3d`,
    ],
  ])('%j is %s', (parts, name) => {
    expect(composeSessionName(parts).name).toBe(name);
  });

  test('records what was transliterated, replaced and cut, in that order', () => {
    const job = `Ünïcode ${'j'.repeat(60)}`;
    const plain = `Unicode-${'j'.repeat(60)}`;
    expect(composeSessionName({ env: 'prod', job, sha: SHA }).changes).toEqual([
      { part: 'job', from: job, to: `Unicode ${'j'.repeat(60)}`, reason: 'transliterated' },
      { part: 'job', from: `Unicode ${'j'.repeat(60)}`, to: plain, reason: 'replaced' },
      { part: 'job', from: plain, to: plain.slice(0, 39), reason: 'cut' },
    ]);
  });

  test('ASCII separators alone become one hyphen a run and need no digest', () => {
    expect(composeSessionName({ env: 'prod', workflow: ' deploy / prod ', job: 'a::b', sha: SHA })).toEqual({
      name: 'ci-prod-deploy-prod-a-b-a1b2c3d',
      digest: null,
      changes: [
        { part: 'workflow', from: ' deploy / prod ', to: 'deploy-prod', reason: 'replaced' },
        { part: 'job', from: 'a::b', to: 'a-b', reason: 'replaced' },
      ],
    });
  });

  test.each<[string, string, string]>([
    ['w'.repeat(50), 'job', `${'w'.repeat(35)}-job`],
    ['flow', 'j'.repeat(50), `flow-${'j'.repeat(34)}`],
    ['w'.repeat(25), 'j'.repeat(25), `${'w'.repeat(19)}-${'j'.repeat(19)}`],
    ['w'.repeat(26), 'j'.repeat(24), `${'w'.repeat(19)}-${'j'.repeat(19)}`],
    ['w'.repeat(60), '', 'w'.repeat(39)],
    ['', 'j'.repeat(60), 'j'.repeat(39)],
    [`${'w'.repeat(38)}-${'w'.repeat(20)}`, '', 'w'.repeat(38)],
    [`${'w'.repeat(36)}---${'w'.repeat(20)}`, '', 'w'.repeat(36)],
  ])('cuts %s and %s to %s', (workflow, job, middle) => {
    const parts = { env: 'prod', workflow, job, sha: SHA };
    expect(composeSessionName(parts).name).toBe(`ci-prod-${middle}-${expectedDigest(parts)}-a1b2c3d`);
  });

  test('cuts the job on a tie, and leaves out a part that becomes empty', () => {
    const fixed = { prefix: 'p'.repeat(20), env: 'e'.repeat(20), sha: SHA };
    const base = `${fixed.prefix}-${fixed.env}`;
    const tie = { ...fixed, workflow: 'wwwwwwwwww', job: 'jjjjjjjjjj' };
    expect(composeSessionName(tie).name).toBe(`${base}-ww-jj-${expectedDigest(tie)}-a1b2c3d`);
    const odd = { ...tie, prefix: 'p'.repeat(19) };
    expect(composeSessionName(odd).name).toBe(
      `${odd.prefix}-${fixed.env}-www-jj-${expectedDigest(odd)}-a1b2c3d`,
    );
    const empty = { ...fixed, workflow: 'a--------z', job: 'b--------z' };
    expect(composeSessionName(empty).name).toBe(`${base}-a-b-${expectedDigest(empty)}-a1b2c3d`);
    const alone = { ...fixed, workflow: 'wwwwww', job: '', prefix: 'é'.repeat(20) };
    expect(composeSessionName(alone).name).toBe(
      `${'e'.repeat(20)}-${fixed.env}-wwwww-${expectedDigest(alone)}-a1b2c3d`,
    );
  });

  test('exactly 64 characters stay as they are, 65 do not', () => {
    const job = (length: number): string => 'j'.repeat(length - 'ci-prod--a1b2c3d'.length);
    expect(composeSessionName({ env: 'prod', job: job(64), sha: SHA }).name).toBe(
      `ci-prod-${job(64)}-a1b2c3d`,
    );
    const longer = composeSessionName({ env: 'prod', job: job(65), sha: SHA });
    expect(longer.name).toHaveLength(64);
    expect(longer.digest).not.toBeNull();
  });
});

describe('composeSessionName refuses', () => {
  test.each(['a1b2c3', 'a'.repeat(65), 'a1b2c3g', '', ' a1b2c3d', 'a1b2c3d\n', 'ａ1b2c3d'])(
    'the commit %j',
    sha => {
      expect(isGitSha(sha)).toBe(false);
      expect(() => composeSessionName({ env: 'prod', sha })).toThrow(
        expect.objectContaining({
          code: 'SESSION_NAME_INVALID',
          message: expect.stringContaining('7 to 64 hexadecimal'),
        }),
      );
    },
  );

  test.each(['a1b2c3d', 'A1B2C3D', 'f'.repeat(64)])('not the commit %j', sha => {
    expect(isGitSha(sha)).toBe(true);
    expect(composeSessionName({ env: 'prod', sha }).name).toBe(`ci-prod-${sha.slice(0, 7).toLowerCase()}`);
  });

  test.each(['', '-', ' / ', '領収書', '🚀', '\u0301'])('the env %j, which leaves nothing', env => {
    expect(envProblem(env)).toContain('no character that a session name allows');
    expect(() => composeSessionName({ env, sha: SHA })).toThrow(
      expect.objectContaining({ code: 'SESSION_NAME_INVALID', hint: 'pass a shorter, plainer --env' }),
    );
  });

  test('a prefix that leaves nothing, while an empty one is the default', () => {
    expect(() => composeSessionName({ prefix: '領', env: 'prod', sha: SHA })).toThrow(
      /prefix "領" has no character/,
    );
    expect(composeSessionName({ prefix: '', env: 'prod', sha: SHA }).name).toBe('ci-prod-a1b2c3d');
  });

  test('more than 20 characters of prefix or env, counted after cleaning', () => {
    const twenty = 'x'.repeat(20);
    expect(composeSessionName({ prefix: twenty, env: `--${twenty}//`, sha: SHA }).name).toBe(
      `${twenty}-${twenty}-a1b2c3d`,
    );
    expect(envProblem(twenty)).toBeUndefined();
    expect(envProblem(`${twenty}x`)).toContain('has 21 characters; at most 20 are allowed');
    expect(() => composeSessionName({ env: `${twenty}x`, sha: SHA })).toThrow(
      /env "x{21}" has 21 characters/,
    );
    expect(() => composeSessionName({ prefix: `${twenty}x`, env: 'prod', sha: SHA })).toThrow(
      /prefix "x{21}" has 21/,
    );
  });
});

describe('checkSessionName', () => {
  test.each(['ab', 'a'.repeat(64), 'A-Z_a+z=0,9.@-'])('takes %j', name => {
    expect(checkSessionName(name)).toBe(name);
  });

  test.each<[string, string]>([
    ['', 'has 0 characters; STS takes 2 to 64'],
    ['a', 'has 1 characters; STS takes 2 to 64'],
    ['a'.repeat(65), 'has 65 characters; STS takes 2 to 64'],
    [' ab', 'has " " (U+0020) at position 1;'],
    ['ab/c', 'has "/" (U+002F) at position 3;'],
    ['ab\n', 'has "\\n" (U+000A) at position 3;'],
    ['ab🚀c🚀', 'has "🚀" (U+1F680) at position 3;'],
    ['é', '(U+00E9) at position 1;'],
    ['aｂ', '(U+FF42) at position 2;'],
    ['a\ud800b', 'has "\\ud800" (U+D800) at position 2;'],
    [`${'a'.repeat(70)}!`, 'has "!" (U+0021) at position 71;'],
  ])('refuses %j: %s', (name, message) => {
    expect(() => checkSessionName(name)).toThrow(
      expect.objectContaining({
        code: 'SESSION_NAME_INVALID',
        exitCode: 7,
        message: expect.stringContaining(message),
      }),
    );
  });
});
