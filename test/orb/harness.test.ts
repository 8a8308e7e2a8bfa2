// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { describe, expect, test } from 'vitest';
import { compileJob, compileSteps, type RunStep } from './compile-orb.ts';
import { parseOrb } from './packed-orb.ts';
import { type JobOptions, runJob } from './run-job.ts';

const ORB = parseOrb(String.raw`
commands:
  say:
    parameters:
      text: { type: string }
      loud: { type: boolean, default: false }
      times: { type: integer, default: 1 }
      when: { type: enum, enum: [on_success, on_fail], default: on_success }
      name: { type: env_var_name, default: NAME }
    steps:
      - run:
          name: Say << parameters.text >>
          shell: sh -e
          when: <<parameters.when>>
          environment: { TEXT: "<<  parameters.text  >>", LOUD: << parameters.loud >>, TIMES: << parameters.times >> }
          command: "cat \\<<EOF\n<<parameters.times>> << parameters.loud >>\nEOF\ncat \\<<<\"$X\" >>y"
  wrap:
    parameters:
      steps: { type: steps, default: [] }
      quiet: { type: boolean, default: false }
    steps:
      - unless:
          condition: << parameters.quiet >>
          steps:
            - say: { text: before }
      - steps: << parameters.steps >>
      - when:
          condition: { and: [{ not: << parameters.quiet >> }, { equal: [1, 1] }] }
          steps: [{ say: { text: after } }]
  typo:
    steps: [{ run: { name: x, comand: "true" } }]
  undeclared:
    steps: [{ run: { name: x, command: "echo << parameters.none >>" } }]
  forwards:
    steps: [{ say: { text: a, none: b } }]
executors:
  default:
    parameters: { tag: { type: string, default: stable } }
    docker: [{ image: "cimg/base:<< parameters.tag >>" }]
    environment: { FROM: executor, BOTH: executor }
jobs:
  work:
    parameters:
      executor: { type: executor, default: default }
      steps: { type: steps }
    executor: << parameters.executor >>
    environment: { BOTH: job }
    steps: [checkout, { wrap: { steps: << parameters.steps >> } }]
`);

const run = (name: string, command: string, more: object = {}) => ({ run: { name, command, ...more } });
const names = (steps: readonly RunStep[]) => steps.map(step => step.name);

describe('the compiler', () => {
  test('resolves parameters, keeps types, escapes nothing twice', () => {
    const [step] = compileSteps(ORB, [{ 'deploy-marker/say': { text: 'a \\<< b', loud: true, times: 42 } }]);
    expect(step).toEqual({
      name: 'Say a << b',
      command: 'cat <<EOF\n42 true\nEOF\ncat <<<"$X" >>y',
      shell: 'sh -e',
      when: 'on_success',
      environment: { TEXT: 'a << b', LOUD: '1', TIMES: '42' },
      background: false,
      maxAutoReruns: 0,
      builtin: undefined,
      given: {},
    });
  });

  test('looks at a value that was put in no second time', () => {
    const config = {
      commands: {
        own: {
          parameters: { t: { type: 'string' } },
          steps: [{ 'deploy-marker/say': { text: '<< parameters.t >>' } }],
        },
      },
    };
    const pipeline = { 'git.branch': '<< parameters.loud >>' };
    const [step] = compileSteps(ORB, [{ own: { t: '<< pipeline.git.branch >>' } }], { config, pipeline });
    expect(step?.environment['TEXT']).toBe('<< parameters.loud >>');
  });

  test('puts the user’s steps where they belong, in the scope that they were written in', () => {
    const steps = ['checkout', run('mine', 'true'), { 'deploy-marker/say': { text: 'user' } }];
    const wrapped = (more: object) =>
      names(compileSteps(ORB, [{ 'deploy-marker/wrap': { steps, ...more } }]));
    expect(wrapped({})).toEqual(['Say before', 'checkout', 'mine', 'Say user', 'Say after']);
    expect(wrapped({ quiet: true })).toEqual(['checkout', 'mine', 'Say user']);
    expect(names(compileSteps(ORB, ['deploy-marker/wrap', { run: 'echo short' }]))).toEqual([
      'Say before',
      'Say after',
      'echo short',
    ]);
    expect(() => compileSteps(ORB, [{ 'deploy-marker/wrap': { steps: [{ say: { text: 'x' } }] } }])).toThrow(
      'no command is named say',
    );
  });

  test('compiles a job with executor, environment, pre- and post-steps', () => {
    const call = {
      name: 'Deploy it',
      requires: ['build'],
      steps: [run('mine', 'true')],
      executor: { name: 'deploy-marker/default', tag: '2025.01' },
      'pre-steps': [run('first', 'true')],
      'post-steps': [run('last', 'true')],
    };
    const job = compileJob(ORB, 'deploy-marker/work', call);
    expect(job.executor).toEqual({ docker: [{ image: 'cimg/base:2025.01' }] });
    expect(job.environment).toEqual({ FROM: 'executor', BOTH: 'job' });
    expect(names(job.steps)).toEqual(['first', 'checkout', 'Say before', 'mine', 'Say after', 'last']);
  });

  const say = (more: object) => [{ 'deploy-marker/say': { text: 'x', ...more } }];
  test.each<[string, unknown[], string]>([
    ['a parameter that is missing', [{ 'deploy-marker/say': {} }], 'text is required'],
    ['one that is passed but not declared', say({ none: 1 }), 'none is passed'],
    ['the same inside of the orb', ['deploy-marker/forwards'], 'none is passed'],
    ['one that is used but not declared', ['deploy-marker/undeclared'], 'parameters.none'],
    ['another type: string', say({ text: 42 }), 'expected string'],
    ['another type: boolean', say({ loud: 'yes' }), 'expected boolean'],
    ['another type: integer', say({ times: '3' }), 'expected integer'],
    ['another type: enum', say({ when: 'always' }), 'expected enum'],
    ['another type: env_var_name', say({ name: 'A B' }), 'expected env_var_name'],
    ['another type: steps', [{ 'deploy-marker/wrap': { steps: 'checkout' } }], 'expected steps'],
    ['a misspelt key of run', ['deploy-marker/typo'], 'run has no key comand'],
    ['an unknown command', ['deploy-marker/none'], 'no command is named'],
    ['a command of the orb by its bare name', [{ say: { text: 'x' } }], 'no command is named'],
    ['two keys in a step', [{ run: 'true', checkout: {} }], 'a step has one key'],
    ['a reference outside of any parameters', [run('x', 'echo <<parameters.x>>')], 'names nothing'],
    [
      'an integer that would turn into 1e+06',
      [run('x', 'true', { environment: { X: 1_000_000 } })],
      'quote it',
    ],
    ['an unknown when', [run('x', 'true', { when: 'never' })], 'when'],
  ])('refuses %s', (_, steps, message) => {
    expect(() => compileSteps(ORB, steps)).toThrow(message);
  });
});

const BASE = { PATH: '/usr/bin:/bin' };

function runSteps(steps: readonly unknown[], options: Partial<JobOptions> = {}) {
  return runJob(compileSteps(ORB, steps), { env: BASE, ...options });
}

describe.concurrent('the runner', () => {
  test('gives each step a process of its own, with what BASH_ENV exports, and nothing of the test’s', async () => {
    const result = await runSteps(
      [
        run(
          'first',
          'test ! -e "$BASH_ENV"; LOST=1; export LOST; echo "export KEPT=bash STEP=bash" >>"$BASH_ENV"',
        ),
        run('second', 'echo "$KEPT $STEP ${LOST-gone} $JOB ${NODE_EXTRA_CA_CERTS-none} ${VITEST-none}"', {
          environment: { STEP: 'step' },
        }),
        run('sh', 'echo "${KEPT-not sourced} $STEP $JOB"', {
          shell: 'sh -e',
          environment: { STEP: 'step', JOB: 'step' },
        }),
      ],
      { env: { ...BASE, JOB: 'job' } },
    );
    expect(result).toMatchObject({ status: 'success', ran: ['first', 'second', 'sh'] });
    expect(result.step('second').stdout).toBe('bash bash gone job none none\n');
    expect(result.step('sh').stdout).toBe('not sourced step step\n');
    expect(await result.environment()).toMatchObject({ KEPT: 'bash', JOB: 'job' });
  });

  test('runs steps as their when says', async () => {
    const steps = [
      run('before', 'true', { when: 'on_fail' }),
      run('always before', 'true', { when: 'always' }),
      run('fails', 'false | true; echo not here'),
      run('success', 'true'),
      run('fail', 'exit 3', { when: 'on_fail' }),
      run('always', 'true', { when: 'always' }),
    ];
    const result = await runSteps(steps);
    expect(result).toMatchObject({ status: 'failed', ran: ['always before', 'fails', 'fail', 'always'] });
    expect([result.step('fails').code, result.step('fail').code, result.step('success').code]).toEqual([
      1,
      3,
      null,
    ]);
    const failing = await runSteps(['checkout', ...steps.slice(1)], { failing: ['checkout'] });
    expect(failing.ran).toEqual(['checkout', 'always before', 'fail', 'always']);
    const passing = await runSteps(['checkout', run('on', 'true')]);
    expect(passing).toMatchObject({ status: 'success', ran: ['checkout', 'on'] });
  });

  test('runs nothing after a cancellation', async () => {
    const result = await runSteps(
      [
        run('before', 'true'),
        run('long', 'echo begun; sleep 20; echo ended'),
        run('on_fail', 'true', { when: 'on_fail' }),
        run('always', 'true', { when: 'always' }),
      ],
      { cancelAt: 'long' },
    );
    expect(result).toMatchObject({ status: 'canceled', ran: ['before', 'long'], output: 'begun\n' });
  });

  test('starts a step again, by itself or when asked', async () => {
    const count = 'echo x >>count; test "$(grep -c x count)" -ge 3';
    const result = await runSteps([run('counts', count, { max_auto_reruns: 2 })]);
    expect(result).toMatchObject({ status: 'success', steps: [{ attempts: 3 }] });
    const once = await runSteps([run('counts', count)]);
    expect(once).toMatchObject({ status: 'failed', steps: [{ attempts: 1 }] });
    expect(await once.rerun('counts')).toMatchObject({ code: 1 });
    expect(await once.rerun('counts')).toMatchObject({ code: 0 });
  });

  test('sets -u if it shall', async () => {
    const steps = [run('careless', 'echo "$NONE"'), run('sh', ': $NONE', { shell: 'sh -e', when: 'always' })];
    expect((await runSteps(steps)).steps.map(step => step.code)).toEqual([0, 0]);
    expect((await runSteps(steps, { nounset: true })).steps.every(step => step.code !== 0)).toBe(true);
  });

  test.each(['echo "x${S}y"', 'echo "$S" >&2', 'printf "%s" "$S" | sed "s,/,%2F,g; s,+,%2B,"'])(
    'finds a secret in the output of %s',
    async command => {
      const failure = await runSteps([run('leaks', command)], {
        env: { ...BASE, S: 'se/cr+et' },
        secrets: () => ['other', 'se/cr+et'],
      }).then(String, String);
      expect(failure).toContain('step leaks printed secret number 2 of 2');
      expect(failure).not.toContain('cr+et');
    },
  );
});
