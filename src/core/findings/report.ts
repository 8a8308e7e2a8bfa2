import type { ActorKind } from '../change/change.ts';
import type { DeployState, Rule, Standing } from '../correlate/standing.ts';
import type { MarkerKind, MarkerStatus } from '../marker/marker.ts';
import type { ReportGap } from '../source/gap.ts';

/** What `audit` finds, the worst first. */
export const FINDING_KINDS = [
  'tampered-log',
  'unexplained-change',
  'unexpected-session',
  'person-change',
  'conflicting-marker',
  'coincident-change',
  'ambiguous-change',
  'failed-deploy-changed',
  'marker-without-change',
  'unfinished-deploy',
  'attested-change',
  'aws-service-change',
] as const;
/** What `audit` finds. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** A source that was read, and how that ended. */
export interface ReportSource {
  readonly source: string;
  readonly side: 'markers' | 'changes';
  /** Records of interest that it gave. */
  readonly records: number;
  /** Time of the newest record that was seen, of whatever it tells; absent where none was. */
  readonly newest?: string;
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** A deploy as told by its markers. Times are UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
export interface ReportDeploy {
  readonly deploy_id: string;
  readonly env: string;
  readonly components: readonly string[];
  readonly account?: string;
  readonly region?: string;
  readonly git_sha: string;
  readonly status: MarkerStatus;
  readonly kind: MarkerKind;
  readonly role_session_name?: string;
  readonly role_arn?: string;
  readonly actor: string;
  readonly started_at?: string;
  readonly deployed_at?: string;
  /** In which changes count as its own; `assumed_start` says that nothing told when it began. */
  readonly window: { readonly from: string; readonly until: string; readonly assumed_start: boolean };
  readonly state: DeployState;
  /** How many changes it explains in all that was read, so also before and after what was asked for. */
  readonly changes: number;
  readonly uids: readonly string[];
  /** Who or what started the CI run. */
  readonly triggered_by?: string;
  readonly repository?: string;
  /** Branch or tag. */
  readonly ref?: string;
  /** Page of the commit, where the host of the repository is known. */
  readonly commit_url?: string;
  /** What was live before, as the marker says. */
  readonly previous_git_sha?: string;
  /** Version, tag or digest that was deployed, as the marker says. */
  readonly target_version?: string;
  readonly reason?: string;
  readonly approved_by?: string;
  /** Page of the CI run. */
  readonly url?: string;
}

/** A person's later explanation of a change, by the marker that has it. */
export interface ReportExplanation {
  readonly uid: string;
  readonly actor: string;
  readonly reason: string;
  /** When the marker was made. */
  readonly recorded_at: string;
  /** Who or what started the CI run that made it. */
  readonly triggered_by?: string;
  readonly approved_by?: string;
  /** Page of the CI run. */
  readonly url?: string;
}

/** A change and what became of it. */
export interface ReportChange {
  readonly event_id: string;
  readonly time: string;
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly action: string;
  readonly component: string;
  /** What else the same call changed. */
  readonly also?: readonly string[] | undefined;
  readonly actor: {
    readonly kind: ActorKind;
    readonly name: string;
    readonly role?: string;
    readonly session?: string;
    readonly via?: string;
  };
  readonly standing: Standing;
  /** The rule that tied it to `deploys`; for a coincident change the one that nearly did. */
  readonly rule?: Rule | undefined;
  /** Ids of deploys: one, or several if ambiguous or coincident. */
  readonly deploys: readonly string[];
  /** For people, for example who explained it later and why. */
  readonly note?: string | undefined;
  readonly explanation?: ReportExplanation | undefined;
}

/** One thing that `audit` found. */
export interface ReportFinding {
  /** The same thing has the same id in every run. */
  readonly id: string;
  readonly kind: FindingKind;
  /** One line for people. */
  readonly message: string;
  readonly time: string;
  readonly component: string;
  /** What else the same call changed. */
  readonly also?: readonly string[] | undefined;
  readonly account?: string;
  readonly region?: string;
  /** Of a change: what was called, and by whom. */
  readonly action?: string;
  readonly actor?: string;
  readonly event_id?: string;
  readonly deploy_id?: string;
  /** Of an `attested-change`. */
  readonly explanation?: ReportExplanation | undefined;
  /** Whether `--fail-on` names its kind. */
  readonly fails: boolean;
  /** Why it does not count: on the allow list, in the baseline. */
  readonly accepted?: string | undefined;
  /** First seen in this run; only with `--state`. */
  readonly new?: boolean | undefined;
}

/** What the logs of one account and Region are worth by CloudTrail's digests; the faults are findings. */
export interface ReportIntegrity {
  readonly source: string;
  readonly account: string;
  readonly region: string;
  /** Digests that hold, logs that they tell of, and logs that are too new for one. */
  readonly digests: number;
  readonly logs: number;
  readonly pending: number;
  readonly faults: number;
}

/** What one flag stood for. */
export interface JudgedSetting {
  readonly flag: string;
  /** Empty where nobody set it. */
  readonly values: readonly string[];
  /** Who set it: the command line, a variable, the settings file, or nobody. */
  readonly from: 'flag' | 'environment' | 'file' | 'default';
  /** In words, what holds where `values` is empty. */
  readonly unset?: string;
}

/** A file that decided what counts, as it was when it was read. */
export interface JudgedFile {
  readonly flag: string;
  /** As it was named. */
  readonly path: string;
  /** Of its bytes, in hexadecimal: what `sha256sum` prints. */
  readonly sha256: string;
}

/** The CI job that asked, as far as its system tells. */
export interface JudgingRun {
  readonly system: string;
  readonly repository?: string;
  readonly ref?: string;
  /** The commit that the job was started for, as the system names it. */
  readonly git_sha?: string;
  readonly triggered_by?: string;
  readonly url?: string;
}

/** What has to be known to ask the same again and get the same answer. Nothing in it is secret. */
export interface JudgedBy {
  /** Name and version of this program. */
  readonly tool: string;
  /** The kinds that were to fail; none where the audit was only to report. */
  readonly fail_on: readonly FindingKind[];
  /** Every other flag that has a part in the answer. */
  readonly settings: readonly JudgedSetting[];
  readonly files: readonly JudgedFile[];
  /** Accounts of which records were seen, in their order. */
  readonly accounts: readonly string[];
  /** Absent outside CI. */
  readonly run?: JudgingRun;
}

/** What `trace` and `audit` answer, and `investigate` with more; `--json` prints it, table and page draw it. */
export interface Report {
  readonly version: 1;
  readonly command: 'trace' | 'audit' | 'investigate';
  readonly generated_at: string;
  readonly from: string;
  readonly until: string;
  /** What was asked for, by flag, for example `{"component":"lambda:resize-image"}`. */
  readonly question: Readonly<Record<string, string>>;
  /**
   * There where a component was asked for of which nothing is in what was read, neither a change nor a marker: what was asked for,
   * seen components that have a name like it, and the services whose changes were read; of an ARN also where else something of its name
   * was seen, as `123456789012 eu-west-1`. `trace` and `investigate` only.
   */
  readonly not_seen?: {
    readonly component: string;
    readonly near: readonly string[];
    readonly elsewhere?: readonly string[];
    readonly services: readonly string[];
  };
  /** `audit` only. */
  readonly judged_by?: JudgedBy;
  /** False if one of the gaps says so: what is missing may change the answer. */
  readonly complete: boolean;
  /** All that the answer does not rest on, whether that matters or not. */
  readonly gaps: readonly ReportGap[];
  readonly sources: readonly ReportSource[];
  readonly totals: {
    readonly deploys: number;
    readonly changes: number;
    readonly standings: Readonly<Record<Standing, number>>;
  };
  /** Newest first. */
  readonly deploys: readonly ReportDeploy[];
  /** Newest first; `audit` lists those that are not explained. */
  readonly changes: readonly ReportChange[];
  /** `audit` only. */
  readonly findings?: readonly ReportFinding[];
  /** `audit --verify` only. */
  readonly integrity?: readonly ReportIntegrity[];
}
