import { pipeline, type Readable, Transform } from 'node:stream';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/**
 * The same body, which fails with UNEXPECTED_RESPONSE as soon as it is longer than it may be, and otherwise as the first one does. Nobody
 * has to read it.
 *
 * @param most bytes
 */
export function limitBody(body: Readable, most: number): Readable {
  let length = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      if (length > most) done(tooLong(most));
      else done(null, chunk);
    },
  });
  // Whoever reads it gets the error; until then it must not end the process.
  limited.on('error', () => {});
  pipeline(body, limited, () => {});
  return limited;
}

/**
 * The whole of a body. It fails as {@link limitBody} does. By the body's events: `for await` first loads much to do the same.
 *
 * @param most bytes
 */
export function readLimited(body: Readable, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // It may have failed before anybody listened.
    if (body.errored !== null) return reject(body.errored);
    const chunks: Buffer[] = [];
    let length = 0;
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) body.destroy(tooLong(most));
    });
    body.on('error', reject);
    body.on('end', () => resolve(Buffer.concat(chunks, length)));
  });
}

function tooLong(most: number): DeployMarkerError {
  return new DeployMarkerError('UNEXPECTED_RESPONSE', `the answer is longer than ${most / 1e6} MB`);
}
