import type { AgentTraits, BuildSpec, BuildStep, Digest, Failure, Phase, TagResult } from '@slipway/contracts';

interface Common {
  readonly buildId: string;
  /** ISO 8601 UTC, from whoever decides. */
  readonly at: string;
}
interface FromHolder extends Common {
  readonly leaseId: string;
}

/** What is recorded of its log by then, over all attempts. */
interface Logged {
  readonly logLines: number;
  readonly logBytes: number;
}

/** What may be asked of a build. */
export type BuildCommand =
  | { readonly type: 'RequestBuild'; readonly data: Common & { readonly spec: BuildSpec } }
  | {
      readonly type: 'ClaimAttempt';
      readonly data: FromHolder &
        Logged & {
          readonly agentId: string;
          /** Absent: the agent did not say. */
          readonly traits?: AgentTraits | undefined;
          /** Attempts that the asker saw: the log is fenced, and the holder asked, for the one after these alone. */
          readonly attemptsBefore: number;
        };
    }
  | { readonly type: 'RefuseBuild'; readonly data: Common & Logged & { readonly failure: Failure } }
  | { readonly type: 'RecordSource'; readonly data: FromHolder & { readonly commit: string } }
  | {
      readonly type: 'RecordStep';
      readonly data: FromHolder & { readonly stepAt: number; readonly phase: Phase; readonly step: BuildStep | null };
    }
  | {
      readonly type: 'RecordPush';
      readonly data: FromHolder & {
        readonly commit: string;
        readonly imageId: Digest;
        readonly digest: Digest;
        readonly size: number;
      };
    }
  | { readonly type: 'RecordTags'; readonly data: FromHolder & { readonly tags: readonly TagResult[] } }
  | { readonly type: 'RecordSuccess'; readonly data: FromHolder & Logged }
  | {
      readonly type: 'RecordFailure';
      readonly data: FromHolder & Logged & { readonly failure: Failure };
    }
  | { readonly type: 'RecordCancelled'; readonly data: FromHolder & Logged }
  | {
      readonly type: 'EndBuild';
      readonly data: Common &
        Logged & {
          readonly by: string;
          /** What the asker saw: a wish to cancel must not remove a build that ended meanwhile. */
          readonly wasOpen: boolean;
        };
    };

export type BuildCommandData<T extends BuildCommand['type']> = Extract<BuildCommand, { type: T }>['data'];
