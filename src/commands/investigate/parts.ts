import type { ReportGap } from '../../core/source/gap.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { personHint } from '../trail/person-hint.ts';

/** What an investigation lacks: told once each, however many changes meet it. */
export class MissingParts {
  readonly #gaps = new Map<string, ReportGap>();
  readonly #errors: DeployMarkerError[] = [];
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** Something that there is not: it is told, and the answer is whole without it. */
  tell(gap: Omit<ReportGap, 'incomplete'>): void {
    this.#note({ ...gap, incomplete: false });
  }

  /** A call that failed. It is told with the next step. */
  fail(subject: string, error: DeployMarkerError): void {
    const { code, message, cause } = error;
    const hint = personHint(error, this.#context.io.env);
    const gap = { kind: 'failed', subject, message: `${message}; ${hint}`, incomplete: true } as const;
    if (!this.#note(gap)) return;
    this.#errors.push(new DeployMarkerError(code, `${subject}: ${message}`, { hint, cause }));
  }

  /** Something that there is, and that the answer does without: it is told with the next step. */
  lack(subject: string, message: string, hint: string): void {
    if (!this.#note({ kind: 'not-seen', subject, message, incomplete: true })) return;
    this.#errors.push(new DeployMarkerError('ANSWER_INCOMPLETE', `${subject}: ${message}`, { hint }));
  }

  /** Something that is still to come. */
  wait(subject: string, message: string): void {
    this.lack(subject, message, 'run the same command again in some minutes');
  }

  /** @returns whether it is news */
  #note(gap: ReportGap): boolean {
    const message = this.#context.redactor.redact(gap.message);
    const key = `${gap.subject} ${message}`;
    if (this.#gaps.has(key)) return false;
    this.#gaps.set(key, { ...gap, message });
    return true;
  }

  /** Does a part of the work. @returns undefined where it failed, which is noted */
  async attempt<T>(subject: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!isDeployMarkerError(error)) throw error;
      this.fail(subject, error);
      return undefined;
    }
  }

  get gaps(): readonly ReportGap[] {
    return [...this.#gaps.values()];
  }

  get errors(): readonly DeployMarkerError[] {
    return this.#errors;
  }
}
