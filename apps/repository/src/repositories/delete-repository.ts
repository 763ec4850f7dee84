import {
  commandEnvelope,
  DeleteRepositoryCommand,
  streams,
  type CommandReply,
  type OpenBuildsRequest,
} from '@slipway/contracts';
import { repository } from '@slipway/domain';
import { commandHandler, repositoryCodec, uuidV5, type EventStore } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import type { z } from 'zod';
import { contextOf, replyWith } from './reply.js';

export const DeleteRepositoryMessage = commandEnvelope(DeleteRepositoryCommand);
export type DeleteRepositoryMessage = z.infer<typeof DeleteRepositoryMessage>;

export interface DeleteParts {
  readonly store: EventStore;
  readonly clock: Clock;
  /**
   * How many builds of the repository were requested up to a position and have not ended. Whoever decides builds
   * answers it. @throws SERVICE_UNAVAILABLE
   */
  readonly countOpenBuilds: (asked: OpenBuildsRequest) => Promise<number>;
}

/**
 * Answers `cmd.repository.delete`. Builds have event streams of their own, so the deletion is announced first: a build
 * that is requested after the announcement finds it, be it when it is claimed. What was requested before it is counted
 * by the orchestrator, which has read every event up to it. Safe to run twice, and to repeat by anybody after a crash.
 * @throws REPOSITORY_NOT_FOUND; REPOSITORY_BUSY while a build is open; SERVICE_UNAVAILABLE when nobody can say
 */
export function deleteRepositoryHandler({
  store,
  clock,
  countOpenBuilds,
}: DeleteParts): (message: DeleteRepositoryMessage) => Promise<CommandReply> {
  const handle = commandHandler(store, repository, repositoryCodec);

  return async ({ command: { namespace, repo_name: repoName }, ...sender }) => {
    const stream = streams.repository(namespace, repoName);
    const named = { namespace, repoName, by: sender.actor };
    const context = (commandId: string, at: string) => contextOf({ ...sender, commandId }, at);
    const finish = (deletionId: string, openBuilds: number | null) => {
      const at = clock.now();
      const commandId = uuidV5(`${sender.commandId}/finish`);
      return handle(
        stream,
        { type: 'FinishDeletion', data: { ...named, at, deletionId, openBuilds } },
        context(commandId, at),
      );
    };

    const begunAt = clock.now();
    const begin = { ...named, at: begunAt, deletionId: sender.commandId };
    const { state, position } = await handle(
      stream,
      { type: 'BeginDeletion', data: begin },
      context(sender.commandId, begunAt),
    );
    if (state.phase !== 'present') return replyWith(store, stream); // done by an earlier run
    if (state.deletionId === null) throw new AppError('REPOSITORY_BUSY', { namespace, repo_name: repoName });
    const { deletionId } = state;
    const openBuilds = await countOpenBuilds({ namespace, repo_name: repoName, position }).catch(
      async (error: unknown) => {
        await finish(deletionId, null);
        throw error;
      },
    );
    const finished = await finish(deletionId, openBuilds);
    if (finished.state.phase === 'present')
      throw new AppError('REPOSITORY_BUSY', { namespace, repo_name: repoName, openBuilds });
    return replyWith(store, stream);
  };
}
