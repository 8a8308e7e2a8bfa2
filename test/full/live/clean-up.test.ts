import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findMoto } from '../moto-server.ts';
import { readTable } from './live-run.ts';
import { NAME, PLACE, useLiveScene } from './live-scene.ts';
import { type OpenLake, startOpenLake } from './open-lake.ts';

// What a run made is gone after it, however it ends. moto keeps count; `live.test.ts` demands that it is there.

const { command, missing } = findMoto(process.env);

/** Runs the script with a terminal, where somebody types. */
const TERMINAL = 'import pty,sys,os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

describe.runIf(missing === undefined)('in an account that is open to Lake', () => {
  const scene = useLiveScene(command);
  let lake: OpenLake;
  beforeEach(async () => {
    lake = await startOpenLake(PLACE.account);
    scene.env = { ...scene.env, AWS_ENDPOINT_URL_CLOUDTRAIL: lake.url };
  });
  afterEach(async () => lake.close());

  const expectNothingLeft = async (): Promise<void> => {
    expect([...lake.things.keys()]).toEqual([]);
    expect(await scene.holdings()).toEqual(scene.before);
  };

  test('a store and a channel are made, used and removed', async () => {
    const live = scene.start('--yes', '--wait', '0');
    await live.line(/emit to lake/);
    const made = new Map(lake.things);
    const { stdout, stderr } = await live.ended;
    const [channel, store] = [...made.keys()].toSorted();
    expect(channel).toMatch(/^deploy-marker-live-[0-9a-f]{8}-channel$/);
    const tag = { Key: 'deploy-marker-live', Value: NAME.exec(channel ?? '')?.[1] };
    expect(made.get(channel ?? '')?.input).toMatchObject({ Source: 'Custom', Tags: [tag] });
    expect(made.get(store ?? '')?.input).toMatchObject({
      TerminationProtectionEnabled: false,
      TagsList: [tag],
    });
    expect(stderr).toMatch(/^removed +event data store deploy-marker-live-/m);
    const table = readTable(stdout);
    expect(table['a second channel of source Custom']).toEqual({ kind: 'found', text: 'it was made' });
    await expectNothingLeft();
  });

  test.each(['CreateEventDataStore', 'CreateChannel'])('the answer of %s is lost', async operation => {
    lake.lost.add(operation);
    const { code, stderr } = await scene.start('--yes', '--wait', '0').ended;
    expect(code).toBe(1);
    expect(stderr).toContain('all of it is removed');
    await expectNothingLeft();
  });

  test('an error in the middle ends it with 1', async () => {
    const live = scene.start('--yes', '--wait', '0');
    await live.line(/^done +deploy logs/);
    const folder = scene.env['TMPDIR'] ?? '';
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    const { code, stderr } = await live.ended;
    expect(stderr).toContain('ENOENT');
    expect(stderr).toContain('all of it is removed');
    expect(code).toBe(1);
    await expectNothingLeft();
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s in the middle ends it with 6', async signal => {
    const live = scene.start('--yes', '--wait', '0');
    await live.line(/^done +emit to s3/);
    // As npm passes it on: twice.
    live.child.kill(signal);
    live.child.kill(signal);
    const { code, stdout, stderr } = await live.ended;
    expect(stderr).toContain(`${signal}: what was made is removed`);
    expect(stderr).toContain('all of it is removed');
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    await expectNothingLeft();
  });

  test('Ctrl-C between questions keeps the answers, and says what was not asked', async () => {
    const live = scene.start('--yes', '--wait', '0');
    await live.line(/a session name of 65 characters/);
    live.child.kill('SIGINT');
    const { code, stdout } = await live.ended;
    expect(code).toBe(6);
    const table = readTable(stdout);
    expect(table['a session name of 65 characters']?.kind).toBe('as documented');
    expect(table['6 calls of LookupEvents at once']).toEqual({
      kind: 'not asked',
      text: 'the run ended before',
    });
    await expectNothingLeft();
  });

  test.each(['stdout', 'stderr'] as const)('nobody reads %s any more', async stream => {
    const live = scene.start('--yes', '--wait', '0');
    await live.line(/^done +deploy logs/);
    live.child[stream]?.destroy();
    if (live.child.exitCode === null) await once(live.child, 'exit');
    expect(live.child.exitCode).toBe(6);
    await expectNothingLeft();
  });

  test('a second Ctrl-C names what is left, and --clean removes it', async () => {
    lake.hung.add('DeleteChannel');
    const live = scene.start('--yes', '--wait', '0');
    await live.line(/^done +emit to s3/);
    live.child.kill('SIGINT');
    await live.line(/^removing/);
    await new Promise(done => setTimeout(done, 600));
    live.child.kill('SIGINT');
    const { code, stderr } = await live.ended;
    expect(code).toBe(6);
    expect(stderr).toMatch(/^ {2}channel deploy-marker-live-[0-9a-f]{8}-channel$/m);
    expect(stderr).toMatch(/^ {2}bucket deploy-marker-live-[0-9a-f]{8}-markers$/m);
    expect(stderr).toContain('it is removed by: npm run live -- --clean --region eu-west-1');
    lake.hung.clear();
    const cleaned = await scene.start('--clean', '--yes').ended;
    expect(cleaned).toMatchObject({ code: 0, stdout: '' });
    await expectNothingLeft();
  });

  test('--clean removes what a run left that was killed, and asks first', async () => {
    const live = scene.start('--yes', '--wait', '0');
    const [, run] = NAME.exec((await live.line(/^named/)) ?? '') ?? [];
    await live.line(/^done +emit to s3/);
    live.child.kill('SIGKILL');
    await live.ended;
    const left = await scene.holdings();
    expect(left['objects']).not.toEqual([]);
    expect(lake.things.size).toBe(2);
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'unused' };
    const client = new CloudFormationClient({ endpoint: scene.moto.url, region: 'eu-west-1', credentials });
    const StackName = `deploy-marker-live-${run}-probe`;
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    expect(Stacks[0]?.Tags).toEqual([{ Key: 'deploy-marker-live', Value: run }]);

    const shown = await scene.start('--clean').ended;
    expect(shown).toMatchObject({ code: 2, stdout: '' });
    expect(shown.stderr).toContain(`  stack ${StackName}\n`);
    expect(await scene.holdings()).toEqual(left);

    const cleaned = await scene.start('--clean', '--yes').ended;
    expect(cleaned.stderr).toContain('all of it is removed');
    expect(cleaned.code).toBe(0);
    await expectNothingLeft();
    expect((await scene.start('--clean').ended).stderr).toContain('nothing of ours was found');
  });

  test.each([
    ['no', 'no\n', 6],
    ['yes', 'yes\n', 1],
    ['Ctrl-C', '\u0003', 6],
    ['Ctrl-D', '\u0004', 6],
  ])('somebody at a terminal says %s', async (answer, keys, expected) => {
    const args = ['scripts/live.mjs', '--region', 'eu-west-1', '--wait', '0'];
    const terminal = spawn('python3', ['-c', TERMINAL, process.execPath, ...args], {
      env: { PATH: process.env['PATH'], ...scene.env },
      stdio: 'pipe',
    });
    const closed = once(terminal, 'close');
    let shown = '';
    terminal.stdout.on('data', chunk => {
      if (!shown.includes('Type yes') && `${shown}${chunk}`.includes('Type yes')) terminal.stdin.write(keys);
      shown += String(chunk);
    });
    const [status] = await closed;
    expect(status).toBe(expected);
    expect(shown.includes('deploy markers-bucket')).toBe(answer === 'yes');
    await expectNothingLeft();
  });
});
