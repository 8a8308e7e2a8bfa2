import type { FakeItem } from '../../fakes/config/config-state.ts';
import { iamUser, identityCenterPerson } from '../actors.ts';
import {
  createFunction,
  deleteFunction,
  updateFunctionCode,
  updateFunctionConfiguration,
} from '../lambda-calls.ts';
import type { Scene } from '../scene.ts';
import type { Call } from '../trail-record.ts';
import { explained, unexplained } from '../truth.ts';
import { codeDigest, type DifferenceTruth, recordedFunction } from './recorded-function.ts';

/** What a story left behind, and what is right about it. */
export interface RecordedTruth {
  readonly component: string;
  readonly items: readonly FakeItem[];
  /** By eventID. */
  readonly changes: ReadonlyMap<string, DifferenceTruth>;
  /** What no output may show. */
  readonly secrets: readonly string[];
  /** How many differences no change accounts for; default none. */
  readonly strays?: number;
}

/** A story in which the truth of each difference is known. */
export interface RecordedStory {
  readonly name: string;
  play(scene: Scene): RecordedTruth;
}

/** A call that asks for something of its own. */
function asking(call: Call, request: Readonly<Record<string, unknown>>): Call {
  return { ...call, request: { ...call.request, ...request } };
}

const consoleFix: RecordedStory = {
  name: 'console-fix',
  play(scene) {
    const it = recordedFunction(scene, scene.name('fixed'));
    const by = identityCenterPerson(scene.random, scene.home.account, scene.at(0));
    const call = asking(updateFunctionConfiguration(scene.home, it.name, 'arn'), { timeout: 300 });
    const id = scene.change({ by, at: scene.at(5), call }, unexplained);
    it.set({ timeout: 300 }, scene.at(5));
    it.capture(scene.at(6));
    const truth = { state: 'changed', differences: { timeout: '30 → 300' } } as const;
    return { component: it.component, items: it.items, changes: new Map([[id, truth]]), secrets: [] };
  },
};

const deployAndRollback: RecordedStory = {
  name: 'deploy-and-rollback',
  play(scene) {
    const it = recordedFunction(scene, scene.name('rolled'));
    const pipeline = scene.pipeline();
    const deploy = scene.deploy({ pipeline, component: it.component });
    const by = pipeline.caller;
    const call = updateFunctionCode(scene.home, it.name);
    const [old, young] = [codeDigest(`${it.name}-0`), codeDigest(`${it.name}-1`)];
    const forth = scene.change({ by, at: scene.at(2), call }, explained('session', deploy));
    it.set({ codeSha256: young, codeSize: 50_000 }, scene.at(2));
    it.capture(scene.at(3));
    const back = scene.change({ by, at: scene.at(6), call }, explained('session', deploy));
    it.set({ codeSha256: old, codeSize: 48_213 }, scene.at(6));
    it.capture(scene.at(7));
    const changes = new Map<string, DifferenceTruth>([
      [
        forth,
        { state: 'changed', differences: { codeSha256: `${old} → ${young}`, codeSize: '48213 → 50000' } },
      ],
      [
        back,
        { state: 'changed', differences: { codeSha256: `${young} → ${old}`, codeSize: '50000 → 48213' } },
      ],
    ]);
    return { component: it.component, items: it.items, changes, secrets: [] };
  },
};

const fixAndLaterDeploy: RecordedStory = {
  name: 'fix-and-later-deploy',
  play(scene) {
    const it = recordedFunction(scene, scene.name('later'));
    const call = asking(updateFunctionConfiguration(scene.home, it.name), { memorySize: 2048 });
    const fix = scene.change({ by: iamUser(scene.home.account), at: scene.at(-120), call }, unexplained);
    it.set({ memorySize: 2048 }, scene.at(-120));
    it.capture(scene.at(-119));
    const pipeline = scene.pipeline();
    const deploy = scene.deploy({ pipeline, component: it.component });
    const back = asking(updateFunctionConfiguration(scene.home, it.name), { memorySize: 512 });
    const again = scene.change(
      { by: pipeline.caller, at: scene.at(4), call: back },
      explained('session', deploy),
    );
    it.set({ memorySize: 512 }, scene.at(4));
    it.capture(scene.at(5));
    const changes = new Map<string, DifferenceTruth>([
      [fix, { state: 'changed', differences: { memorySize: '512 → 2048' } }],
      [again, { state: 'changed', differences: { memorySize: '2048 → 512' } }],
    ]);
    return { component: it.component, items: it.items, changes, secrets: [] };
  },
};

const environmentSecret: RecordedStory = {
  name: 'environment-secret',
  play(scene) {
    const [old, young] = ['hunter2-hunter2-old', 'correct horse battery staple'];
    const url = 'postgres://app:s3cr3tpassw0rd@db.internal:5432/shop';
    const request = 'only-in-the-request-4711';
    const it = recordedFunction(scene, scene.name('secret'), {
      environment: { variables: { DB_PASSWORD: old, STAGE: 'prod' } },
    });
    const variables = { DB_PASSWORD: young, DATABASE_URL: url, STAGE: 'prod' };
    const call = asking(updateFunctionConfiguration(scene.home, it.name), {
      environment: { variables: { DB_PASSWORD: young, DATABASE_URL: url, TOKEN: request } },
      description: `password=${request}`,
    });
    const id = scene.change({ by: iamUser(scene.home.account), at: scene.at(5), call }, unexplained);
    it.set({ environment: { variables } }, scene.at(5));
    it.capture(scene.at(6));
    const truth: DifferenceTruth = {
      state: 'changed',
      differences: {
        'environment.variables.DB_PASSWORD': '(19 characters) → (28 characters)',
        'environment.variables.DATABASE_URL': `nothing → (${url.length} characters)`,
      },
    };
    const secrets = [old, young, url, 's3cr3tpassw0rd', request];
    return { component: it.component, items: it.items, changes: new Map([[id, truth]]), secrets };
  },
};

const deletedAndMadeAnew: RecordedStory = {
  name: 'deleted-and-made-anew',
  play(scene) {
    const it = recordedFunction(scene, scene.name('anew'));
    const by = iamUser(scene.home.account);
    const gone = deleteFunction(scene.home, it.name);
    const deletion = scene.change({ by, at: scene.at(3), call: gone }, unexplained);
    it.capture(scene.at(4), 'ResourceDeleted');
    const call = createFunction(scene.home, it.name);
    const creation = scene.change({ by, at: scene.at(8), call }, unexplained);
    it.set({ runtime: 'nodejs24.x' }, scene.at(8));
    it.capture(scene.at(9), 'ResourceDiscovered');
    const changes = new Map<string, DifferenceTruth>([
      [deletion, { state: 'deleted', differences: {} }],
      [creation, { state: 'created', differences: { runtime: 'nodejs22.x → nodejs24.x' } }],
    ]);
    return { component: it.component, items: it.items, changes, secrets: [] };
  },
};

const twoInOneRecording: RecordedStory = {
  name: 'two-in-one-recording',
  play(scene) {
    const it = recordedFunction(scene, scene.name('both'));
    const by = iamUser(scene.home.account);
    const ask = (request: object): Call =>
      asking(updateFunctionConfiguration(scene.home, it.name), { ...request });
    const first = scene.change({ by, at: scene.at(3), call: ask({ timeout: 60 }) }, unexplained);
    it.set({ timeout: 60 }, scene.at(3));
    const second = scene.change({ by, at: scene.at(3, 20), call: ask({ memorySize: 1024 }) }, unexplained);
    it.set({ memorySize: 1024 }, scene.at(3, 20));
    it.capture(scene.at(4));
    const truth = {
      state: 'changed',
      differences: { timeout: '30 → 60', memorySize: '512 → 1024' },
    } as const;
    return {
      component: it.component,
      items: it.items,
      changes: new Map([first, second].map(id => [id, truth])),
      secrets: [],
    };
  },
};

const missedByConfig: RecordedStory = {
  name: 'missed-by-config',
  play(scene) {
    const it = recordedFunction(scene, scene.name('missed'));
    const by = iamUser(scene.home.account);
    const call = asking(updateFunctionConfiguration(scene.home, it.name), { timeout: 90 });
    const id = scene.change({ by, at: scene.at(3), call }, unexplained);
    it.set({ timeout: 90 }, scene.at(3));
    const changes = new Map<string, DifferenceTruth>([[id, { state: 'missed', differences: {} }]]);
    return { component: it.component, items: it.items, changes, secrets: [] };
  },
};

const recordedWithoutCall: RecordedStory = {
  name: 'recorded-without-call',
  play(scene) {
    const it = recordedFunction(scene, scene.name('stray'));
    const by = iamUser(scene.home.account);
    const call = asking(updateFunctionConfiguration(scene.home, it.name), { timeout: 90 });
    const id = scene.change({ by, at: scene.at(3), call }, unexplained);
    it.set({ timeout: 90 }, scene.at(3));
    it.capture(scene.at(4));
    // Nobody has the call of this one.
    it.set({ tracingConfig: { mode: 'Active' } }, scene.at(40));
    it.capture(scene.at(41));
    // A second item of the same change differs in what nobody sets.
    it.set({ lastUpdateStatus: 'Successful' }, scene.at(42));
    it.capture(scene.at(42));
    const changes = new Map<string, DifferenceTruth>([
      [id, { state: 'changed', differences: { timeout: '30 → 90' } }],
    ]);
    return { component: it.component, items: it.items, changes, secrets: [], strays: 1 };
  },
};

/** Every story that Config recorded. */
export const RECORDED_STORIES: readonly RecordedStory[] = [
  consoleFix,
  deployAndRollback,
  fixAndLaterDeploy,
  environmentSecret,
  deletedAndMadeAnew,
  twoInOneRecording,
  missedByConfig,
  recordedWithoutCall,
];
