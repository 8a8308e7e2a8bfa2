import { quote } from '../base/quote.ts';
import { describeActor } from '../change/actor-text.ts';
import type { Verdict } from '../correlate/verdict.ts';
import { makerOf } from '../marker/marker.ts';
import { formatUtcTime } from '../time/utc.ts';
import type { FindingKind, ReportExplanation, ReportFinding } from './report.ts';
import { toReportExplanation } from './report-entry.ts';

/** Whether a finding counts, and why not. */
export type Weight = Pick<ReportFinding, 'fails' | 'accepted' | 'new'>;

const WORDS: Readonly<Partial<Record<FindingKind, string>>> = {
  'unexplained-change': 'is explained by no deploy; it was made by',
  'coincident-change': 'fell into the window of a deploy of it, but was made by',
  'ambiguous-change': 'may belong to more than one deploy; it was made by',
  'aws-service-change': 'was made by an AWS service by itself,',
};

/**
 * Something found in a change. Its words are made whenever they are asked for: there may be a million of them, and most
 * are only counted or printed once.
 */
export class ChangeFinding implements ReportFinding {
  readonly kind: FindingKind;
  readonly #verdict: Verdict;
  readonly #weight: Weight;

  constructor(verdict: Verdict, kind: FindingKind, weight: Weight = { fails: false }) {
    this.#verdict = verdict;
    this.kind = kind;
    this.#weight = weight;
  }

  /** The same finding with another weight. */
  weighed(weight: Weight): ChangeFinding {
    return new ChangeFinding(this.#verdict, this.kind, weight);
  }

  get id(): string {
    return `${this.kind}:${this.event_id}`;
  }

  get message(): string {
    const { action, component, actor, account } = this.#verdict.change;
    const { note, attestation, person = actor } = this.#verdict;
    const what = `${action} of ${[component, ...(this.also ?? [])].join(', ')}`;
    const maker = describeActor(actor, account);
    if (this.kind === 'unexpected-session')
      return `${what} was made by ${maker}, whose session name does not fit`;
    if (this.kind === 'person-change') {
      // Of a role's session the actor's own name says so.
      const where = person.fromConsole && person.kind !== 'console' ? ' in the console' : '';
      return `${what} was made by a person${where}, ${describeActor(person, account)}`;
    }
    if (this.kind === 'attested-change' && attestation !== undefined) {
      const { uid, approved_by, reason } = attestation;
      const approval = approved_by === undefined ? '' : `, approved by ${quote(approved_by)}`;
      const explainer = `explained by ${quote(makerOf(attestation))}${approval}`;
      return `${what} was made by ${maker}; ${explainer}, in the marker ${uid}: ${quote(reason)}`;
    }
    return `${what} ${WORDS[this.kind] ?? ''} ${maker}${note === undefined ? '' : ` (${note})`}`;
  }

  /** Milliseconds since the epoch, whole seconds. */
  get instant(): number {
    return Math.floor(this.#verdict.change.time / 1000) * 1000;
  }

  get time(): string {
    return formatUtcTime(this.#verdict.change.time);
  }

  get component(): string {
    return this.#verdict.change.component;
  }

  get also(): readonly string[] | undefined {
    return this.#verdict.change.others;
  }

  get account(): string {
    return this.#verdict.change.account;
  }

  get region(): string {
    return this.#verdict.change.region;
  }

  get action(): string {
    return this.#verdict.change.action;
  }

  get actor(): string {
    return this.#verdict.change.actor.name;
  }

  get event_id(): string {
    return this.#verdict.change.id;
  }

  get explanation(): ReportExplanation | undefined {
    const { attestation } = this.#verdict;
    if (this.kind !== 'attested-change' || attestation === undefined) return undefined;
    return toReportExplanation(attestation);
  }

  get fails(): boolean {
    return this.#weight.fails;
  }

  get accepted(): string | undefined {
    return this.#weight.accepted;
  }

  get new(): boolean | undefined {
    return this.#weight.new;
  }

  /** What JSON shows of it. */
  toJSON(): ReportFinding {
    const { id, kind, message, time, component, also, account, region, action, actor, event_id } = this;
    const told = { id, kind, message, time, component, also, account, region, action, actor, event_id };
    return { ...told, explanation: this.explanation, ...this.#weight };
  }
}
