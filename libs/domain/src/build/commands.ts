import type { BuildSpec, BuildStep, Digest, Failure, Phase, TagResult } from '@slipway/contracts';

interface Common {
  readonly buildId: string;
  /** ISO 8601 UTC, from whoever decides. */
  readonly at: string;
}
interface FromHolder extends Common {
  readonly leaseId: string;
}

/** What may be asked of a build. */
export type BuildCommand =
  | { readonly type: 'RequestBuild'; readonly data: Common & { readonly spec: BuildSpec } }
  | {
      readonly type: 'ClaimAttempt';
      readonly data: FromHolder & { readonly agentId: string; readonly logLines: number };
    }
  | { readonly type: 'RefuseBuild'; readonly data: Common & { readonly failure: Failure; readonly logLines: number } }
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
  | { readonly type: 'RecordSuccess'; readonly data: FromHolder & { readonly logLines: number } }
  | {
      readonly type: 'RecordFailure';
      readonly data: FromHolder & { readonly failure: Failure; readonly logLines: number };
    }
  | { readonly type: 'RecordCancelled'; readonly data: FromHolder & { readonly logLines: number } }
  | {
      readonly type: 'EndBuild';
      readonly data: Common & {
        readonly by: string;
        /** What the asker saw: a wish to cancel must not remove a build that ended meanwhile. */
        readonly wasOpen: boolean;
        readonly logLines: number;
      };
    };

export type BuildCommandData<T extends BuildCommand['type']> = Extract<BuildCommand, { type: T }>['data'];
