// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { describe, expect, test } from 'vitest';
import { STEP, startOrbScene } from '../../orb/orb-scene.ts';

// What a step of a deploy may leave behind, times what on_error says, times how the deploy ends: the truth that comes of it.

/** Whether the marker of the end still arrives; a job of a live deploy is red only where it does not, and on_error says fail. */
type Leftover = readonly [what: string, command: string, arrives: boolean];

const LEFTOVERS: readonly Leftover[] = [
  ['nothing', ':', true],
  ['a last line without an end', `printf 'export Y=2' >>"$BASH_ENV"`, true],
  ['a PATH set anew', `echo 'export PATH=/usr/bin:/bin' >>"$BASH_ENV"`, true],
  ['a PATH of nothing', `echo 'export PATH=/nowhere' >>"$BASH_ENV"`, true],
  ['BASH_ENV written anew', `echo 'export X=1' >"$BASH_ENV"`, true],
  ['no BASH_ENV', 'rm "$BASH_ENV"', true],
  ['a folder as BASH_ENV', 'rm "$BASH_ENV"; mkdir "$BASH_ENV"', true],
  ['a FIFO as BASH_ENV', 'rm "$BASH_ENV"; mkfifo "$BASH_ENV"', true],
  ['a BASH_ENV that ends the shell', `echo 'exit 3' >>"$BASH_ENV"`, true],
  ['a BASH_ENV that ends it well', `echo 'exit 0' >>"$BASH_ENV"`, true],
  ['a BASH_ENV that is no shell', `echo 'if (' >>"$BASH_ENV"`, true],
  ['a BASH_ENV with set -eu', `echo 'set -eu; : "$GONE"' >>"$BASH_ENV"`, true],
  ['a BASH_ENV that leaves a program running', `echo 'sleep 30 &' >>"$BASH_ENV"`, true],
  ['a BASH_ENV that waits', `echo 'sleep 60' >>"$BASH_ENV"`, true],
  ['another name of BASH_ENV', `echo 'export BASH_ENV=/gone' >>"$BASH_ENV"`, true],
  ['BASH_ENV unset', `echo 'unset BASH_ENV' >>"$BASH_ENV"`, true],
  [
    'NODE_OPTIONS that name a file that is gone',
    `echo 'export NODE_OPTIONS=--require=./gone.js' >>"$BASH_ENV"`,
    true,
  ],
  ['NODE_OPTIONS that wait for a debugger', `echo 'export NODE_OPTIONS=--inspect-brk=0' >>"$BASH_ENV"`, true],
  ['NODE_OPTIONS that Node does not know', `echo 'export NODE_OPTIONS=--no-such-option' >>"$BASH_ENV"`, true],
  ['certificates of its own', `echo 'export NODE_EXTRA_CA_CERTS=/gone' >>"$BASH_ENV"`, true],
  ['another start', `echo 'export MARKER_ORB_STARTED_AT=junk MARKER_ORB_BEGUN=other' >>"$BASH_ENV"`, true],
  ['a commit that is none', `echo 'export P=unknown' >>"$BASH_ENV"`, false],
  ['a role that is empty', `echo 'export SINK=' >>"$BASH_ENV"`, false],
  ['no HOME', `echo 'unset HOME' >>"$BASH_ENV"`, true],
  ['a HOME and a TMPDIR that are gone', `echo 'export HOME=/gone TMPDIR=/gone' >>"$BASH_ENV"`, true],
  ['an empty place where HOME was', 'rm -rf "$HOME"', true],
  ['a BASH_ENV that goes elsewhere', `echo 'cd /; umask 777' >>"$BASH_ENV"`, true],
  ['a BASH_ENV that closes its streams', `echo 'exec <&- >&- 2>&- 3>&-' >>"$BASH_ENV"`, true],
  ['a BASH_ENV with traps', `echo "trap 'exit 7' EXIT; trap 'echo trap' DEBUG" >>"$BASH_ENV"`, true],
  ['a BASH_ENV that runs nothing', `echo 'set -n' >>"$BASH_ENV"`, true],
  ['a BASH_ENV that becomes another program', `echo 'exec true' >>"$BASH_ENV"`, true],
  [
    'functions of our names',
    `echo 'env() { :; }; command() { :; }; export -f env command' >>"$BASH_ENV"`,
    true,
  ],
  [
    'aliases of our names',
    `echo 'shopt -s expand_aliases; alias command=false env=false' >>"$BASH_ENV"`,
    true,
  ],
  ['a library that is gone', `echo 'export LD_PRELOAD=/gone.so' >>"$BASH_ENV"`, true],
  ['a variable that no program takes', `echo 'printf -v BIG %200000s; export BIG' >>"$BASH_ENV"`, true],
  ['bytes that are no text', `printf 'export BYTES="\\xff\\xfe"\n' >>"$BASH_ENV"`, true],
  ['a channel that Node does not find', `echo 'export NODE_CHANNEL_FD=99' >>"$BASH_ENV"`, true],
  ['a configuration of OpenSSL that is none', `echo 'export OPENSSL_CONF=/etc/hostname' >>"$BASH_ENV"`, true],
  [
    'keys of somebody else',
    `echo 'export AWS_ACCESS_KEY_ID=AKIAOTHER AWS_SECRET_ACCESS_KEY=x' >>"$BASH_ENV"`,
    true,
  ],
  ['another profile', `echo 'export AWS_PROFILE=gone' >>"$BASH_ENV"`, true],
  ['no keys', `echo 'unset \${!AWS_ACCESS*} \${!AWS_SECRET*} \${!AWS_SESSION*}' >>"$BASH_ENV"`, true],
  ['a setting that is none', `echo 'export DEPLOY_MARKER_TIMEOUT=soon' >>"$BASH_ENV"`, false],
  ['nothing of what CircleCI and we keep', 'rm -rf "$(dirname "$BASH_ENV")"', false],
  ['a tool whose Node is gone', `echo 'exec /gone/node' >"$TOOL"`, false],
  ['a tool that is no program', 'rm "$TOOL"; mkdir "$TOOL"', false],
  ['no tool', 'rm "$TOOL"', false],
  ['a tool that does not run', `echo 'exit 1' >"$TOOL"`, false],
  ['a tool that dies', `echo 'kill -9 $$' >"$TOOL"`, false],
];

const SINK = { sink_role_arn: '$SINK' };

describe.concurrent.each(['fail', 'warn', 'ignore'])('with on_error %s', on_error => {
  test.each(LEFTOVERS)('a deploy that works and leaves %s', async (what, command, arrives) => {
    const scene = await startOrbScene();
    const own = what.startsWith('a role') ? SINK : {};
    const call = scene.deploy({
      ...{ on_error, previous_git_sha: '$P', steps: [{ run: { name: 'works', command } }], ...own },
    });
    const result = await scene.runDeployJob(call, {
      env: { P: 'b'.repeat(40), TOOL: `${scene.bin}/deploy-marker`, SINK: scene.server.state.defaultRoleArn },
    });
    expect(result.status, result.output).toBe(arrives || on_error !== 'fail' ? 'success' : 'failed');
    expect(scene.statuses()).toEqual(arrives ? ['running', 'success'] : ['running']);
    if (!arrives && on_error !== 'fail')
      expect(result.step(STEP.success).stderr).toContain('warning: the job goes on all the same');
    expect(result.step(STEP.clear)).toMatchObject({ ran: true, code: 0 });
  });

  test.each(LEFTOVERS)('a deploy that fails and leaves %s', async (what, command, arrives) => {
    const scene = await startOrbScene();
    const own = what.startsWith('a role') ? SINK : {};
    const steps = [{ run: { name: 'fails', command: `${command}\nexit 9` } }];
    const call = scene.deploy({ on_error, previous_git_sha: '$P', steps, ...own });
    const result = await scene.runDeployJob(call, {
      env: { P: 'b'.repeat(40), TOOL: `${scene.bin}/deploy-marker`, SINK: scene.server.state.defaultRoleArn },
    });
    expect(result.status).toBe('failed');
    expect(scene.statuses(), result.output).toEqual(arrives ? ['running', 'failed'] : ['running']);
    expect(result.ran).not.toContain(STEP.success);
    const [running, failed] = scene.markers();
    if (arrives) expect(failed?.['started_at']).toBe(running?.['started_at']);
  });
});

describe.concurrent('the credentials of the role', () => {
  test.each(
    LEFTOVERS.filter(
      ([what]) =>
        !/FIFO|folder|ends|waits|running|no shell|-eu|PATH|dies|does not run|closes|traps|runs nothing|nothing of|another program|our names|no program|somebody else/.test(
          what,
        ),
    ),
  )('are gone for a later step after a deploy that leaves %s', async (_what, command) => {
    const scene = await startOrbScene();
    const call = {
      ...scene.deploy({ steps: [{ run: { name: 'works', command } }] }),
      'post-steps': [scene.look('after')],
    };
    await scene.runDeployJob(call, { env: { P: '', TOOL: `${scene.bin}/deploy-marker` } });
    const after = Object.keys((await scene.seen('after')) ?? { AWS_NOT_SEEN: '' });
    expect(after.filter(name => /^AWS_(ACCESS|SECRET|SESSION|NOT)|^MARKER_ORB_B|^ROLE_S/.test(name))).toEqual(
      [],
    );
  });
});

describe.concurrent('the credentials of the role, where the tool is gone and BASH_ENV is not read to its end,', () => {
  test.each([
    ['a return', 'return'],
    ['a return as those of a .bashrc', 'case $- in *i*) ;; *) return ;; esac'],
    ['a quote that stays open', "export Y='2"],
    ['a document that does not end', 'cat <<END >/dev/null'],
    ['an if that does not end', 'if true; then'],
    ['a function that does not end', 'f() {'],
    ['a line that goes on', 'export Y=2\\'],
  ])('are gone for a later step after a deploy that leaves %s', async (_what, line) => {
    const scene = await startOrbScene();
    const command = `rm "$TOOL"; printf '%s\\n' "$LINE" >>"$BASH_ENV"`;
    const call = {
      ...scene.deploy({ steps: [{ run: { name: 'works', command } }] }),
      'post-steps': [scene.look('after')],
    };
    await scene.runDeployJob(call, { env: { TOOL: `${scene.bin}/deploy-marker`, LINE: line } });
    const after = Object.keys((await scene.seen('after')) ?? { AWS_NOT_SEEN: '' });
    expect(after.filter(name => /^AWS_(ACCESS|SECRET|SESSION|NOT)/.test(name))).toEqual([]);
  });
});
