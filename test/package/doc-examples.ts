import { readFiles } from '../conventions/repository.ts';

/** An example of a doc comment. */
export interface DocExample {
  readonly path: string;
  readonly code: string;
}

/** Every `@example` of the source, without the stars before its lines. */
export async function readDocExamples(): Promise<DocExample[]> {
  const files = (await readFiles('src')).filter(({ path }) => path.endsWith('.ts'));
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(/@example\n((?: \* (?!@).*\n)+)/g)].map(([, lines = '']) => ({
      path,
      code: lines.replace(/^ \* /gm, ''),
    })),
  );
}

/** What the examples take for granted. */
const GIVEN = `
import { deepStrictEqual } from 'node:assert';
import {
  assumeRole, type AuditEventOptions, type Change, checkSessionName, composeSessionName, correlate, createFileSink, createLakeSink,
  createLogsSink, createMarker, createRecordReader, createS3Sink, foldMarkers, isDeployMarkerError, type Marker, planBatches,
  readTemplate, type RoleChain, toAuditEvent, toAuditEventEntry,
} from 'deploy-marker';

const [roleArn, sessionName] = ['arn:aws:iam::123456789012:role/deploy', 'ci-prod-deploy-a1b2c3d'];
const channelArn = 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/0a1b2c3d-example';
const [webIdentityToken, token] = ['token', 'token'];
const what = { env: 'prod', component: 'lambda:a', git_sha: 'a1b2c3d', actor: 'me' };
const marker: Marker = createMarker({ ...what, status: 'success', deployed_at: '2025-12-14T08:12:34Z' });
const markers: Marker[] = [marker];
const changes: Change[] = [];
const chains: RoleChain[] = [];
const options: AuditEventOptions = { recipientAccountId: '123456789012', userAgent: 'my-tool/1.0' };
const entry = toAuditEventEntry(toAuditEvent(marker, options));
const trail: { Records: unknown[] } = { Records: [] };
const error: unknown = new Error('x');
`;

/** An example that says in a comment what it gives: `f(x); // 1`, or on the next line. */
const CLAIM = /^([^\n]+);\s+\/\/ ('[^'\n]*'|\w+)(?::[^\n]*)?\n$/;

/** A program of all examples: those that say what they give are run and held to it, the others are compiled alone. */
export function toProgram(examples: readonly DocExample[]): string {
  const blocks = examples.map(({ path, code }) => {
    const [, given, value] = CLAIM.exec(code) ?? [];
    const body =
      given === undefined ? `async () => {\n${code}};` : `deepStrictEqual(${given}, ${value});\nran += 1;`;
    return `// ${path}\n${body}\n`;
  });
  return `${GIVEN}\nlet ran = 0;\n${blocks.join('\n')}\nconsole.log(ran);\n`;
}
