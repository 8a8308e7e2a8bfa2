import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bundleScript } from './child-script.ts';
import { useScratchFolder } from './scratch-folder.ts';

const at = useScratchFolder();
const SOURCE = `
  import { createDescriptorSink } from './descriptor-sink.ts';
  const out = createDescriptorSink(1, () => process.stdout);
  if (process.argv[2] === 'nonblocking') process.stdout._handle.setBlocking(false);
  for (let i = 0; i < 40; i += 1) out.write(i + ':' + 'é'.repeat(20000) + '\\n');
`;

function expectedText(): string {
  return Array.from({ length: 40 }, (_, i) => `${i}:${'é'.repeat(20_000)}\n`).join('');
}

describe('a descriptor sink', () => {
  test.each(['blocking', 'nonblocking'])('loses nothing to a slow reader of a %s pipe', async kind => {
    const script = await bundleScript(SOURCE, at('write.mjs'));
    const child = spawn(process.execPath, [script, kind], { stdio: ['ignore', 'pipe', 'inherit'] });
    await sleep(150);
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(expectedText());
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0);
  });

  test.each(['blocking', 'nonblocking'])('survives a reader of a %s pipe that goes away', async kind => {
    const script = await bundleScript(SOURCE, at('write.mjs'));
    const child = spawn(process.execPath, [script, kind], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const errors: Buffer[] = [];
    for await (const chunk of child.stderr) errors.push(chunk);
    expect(Buffer.concat(errors).toString()).toBe('');
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0);
  });
});
