import type { NatsConnection } from '@nats-io/transport-node';
import { commandSubjects, CommandReply, type RequestBuildCommand } from '@slipway/contracts';
import type { WantedBuild } from '@slipway/domain';
import { AppError, type ErrorCode, type ErrorKind } from '@slipway/kernel';
import { request } from '@slipway/messaging';
import { SPANS, traced } from '@slipway/platform';

/** A wanted build under its id: the same id is the same build, however often it is asked for. */
export interface IdentifiedBuild extends Pick<WantedBuild, 'refName' | 'commit' | 'dockerRepoTag'> {
  readonly buildId: string;
}

/** Whose builds they are, and why they are asked for. */
export interface BuildOrder {
  readonly namespace: string;
  readonly repoName: string;
  /** Becomes `created_by` of the builds. */
  readonly by: string;
  readonly trigger: NonNullable<RequestBuildCommand['trigger']>;
  readonly correlationId: string;
}

/** A build that will not be, with what the orchestrator said. */
export interface RefusedBuild {
  readonly buildId: string;
  readonly code: ErrorCode;
}

const PASSING: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['unavailable', 'limited', 'superseded']);
/** The same request may be answered otherwise later; a deletion may be refused yet. */
const isPassing = ({ kind, code }: AppError): boolean => PASSING.has(kind) || code === 'REPOSITORY_CLOSING';
const ANSWER_LIMIT_MS = 3_000;

/**
 * Asks the orchestrator for builds of a build config: of each, a ref, a commit of it and the tag config that is for it
 * (`wantedBuilds` finds them). Makes one build of each id, however often and from wherever it is asked, so whoever finds
 * a push that nobody told of may do it beside a delivery, with an id of the same making. Resolves once every build is
 * durable or refused for good.
 * @throws QUOTA_EXCEEDED, SERVICE_UNAVAILABLE and whatever else passes: ask again later, for all of them
 */
export function requestWantedBuilds(
  nats: NatsConnection,
  order: BuildOrder,
  builds: readonly IdentifiedBuild[],
): Promise<readonly RefusedBuild[]> {
  const attributes = { 'slipway.repository': `${order.namespace}/${order.repoName}` };
  return traced(SPANS.wantedBuilds, { isRoot: true, attributes }, () => requestAll(nats, order, builds));
}

async function requestAll(
  nats: NatsConnection,
  order: BuildOrder,
  builds: readonly IdentifiedBuild[],
): Promise<readonly RefusedBuild[]> {
  const refused: RefusedBuild[] = [];
  for (const build of builds) {
    try {
      await requestOne(nats, order, build);
    } catch (error) {
      if (!(error instanceof AppError) || isPassing(error)) throw error;
      refused.push({ buildId: build.buildId, code: error.code });
    }
  }
  return refused;
}

async function requestOne(
  nats: NatsConnection,
  { namespace, repoName, by, trigger, correlationId }: BuildOrder,
  { buildId, refName, commit, dockerRepoTag }: IdentifiedBuild,
): Promise<void> {
  const command: RequestBuildCommand = {
    buildId,
    namespace,
    repo_name: repoName,
    tag: dockerRepoTag,
    code_repo_type_value: refName,
    code_commit_id: commit,
    trigger,
  };
  const envelope = { commandId: buildId, actor: by, correlationId, command };
  const options = { reply: CommandReply, timeoutMs: ANSWER_LIMIT_MS };
  await request(nats, commandSubjects.requestBuild, envelope, options);
}
