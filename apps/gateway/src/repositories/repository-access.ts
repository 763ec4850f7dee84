import type { PipeTransform } from '@nestjs/common';
import { Namespace, RepoName, type PositionedEvent, type RepositoryEvent } from '@slipway/contracts';
import { mayAdminister, mayBuild, mayRead, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import {
  repositoryProjection,
  repositoryRecord,
  type Pushes,
  type ReadModel,
  type RepositoryRecord,
  type RepositoryRow,
} from '@slipway/read-model';
import { z } from 'zod';
import { parse } from '../http/parse.js';

/** `{namespace}/{repo_name}` of a path. */
export interface RepositoryPath {
  readonly namespace: Namespace;
  readonly repo_name: RepoName;
}

/** All parameters of the path at once: `@Param(RepositoryParams)`. What cannot be a name is not there. */
export const RepositoryParams: PipeTransform<unknown, RepositoryPath> = parse(
  z.object({ namespace: Namespace, repo_name: RepoName }),
  'REPOSITORY_NOT_FOUND',
);

/** @throws REPOSITORY_NOT_FOUND also when the caller may not see it */
export async function visibleRepository(
  { repositories }: Pick<ReadModel, 'repositories'>,
  caller: Caller | undefined,
  { namespace, repo_name }: RepositoryPath,
): Promise<RepositoryRecord> {
  const record = await repositories.get(namespace, repo_name);
  if (!record || !mayRead(caller, { namespace, isPublic: record.is_public }))
    throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name });
  return record;
}

/** Whoever knows the code of a webhook may be able to start builds by it, so only those see it who may start them. */
export const shownTo = (caller: Caller | undefined, record: RepositoryRecord): RepositoryRecord =>
  mayBuild(caller, record.namespace) ? record : { ...record, webhook_code: null };

/**
 * Whoever may write in the namespace is told by the service what there is; the others only of what they may see.
 * @throws ACCESS_DENIED, REPOSITORY_NOT_FOUND
 */
export async function assertMayChange(
  readModel: Pick<ReadModel, 'repositories'>,
  caller: Caller,
  { namespace, repo_name }: RepositoryPath,
): Promise<void> {
  if (mayAdminister(caller, namespace)) return;
  await visibleRepository(readModel, caller, { namespace, repo_name });
  throw new AppError('ACCESS_DENIED', { namespace, repo_name });
}

/** What the answer to a command says. @throws REPOSITORY_NOT_FOUND when it was deleted just after the command */
export function recordOf(
  events: readonly PositionedEvent<RepositoryEvent>[],
  pushesOf: (row: RepositoryRow) => Pushes | undefined = () => undefined,
): RepositoryRecord {
  const row = events.reduce<RepositoryRow | undefined>(repositoryProjection.evolve, undefined);
  const record = row && repositoryRecord(row, pushesOf(row));
  if (!record) throw new AppError('REPOSITORY_NOT_FOUND');
  return record;
}

/** The same of a repository that was there before. Pushes are not told by its events: the view counts them. */
export async function changedRecord(
  { repositories }: Pick<ReadModel, 'repositories'>,
  { namespace, repo_name }: RepositoryPath,
  events: readonly PositionedEvent<RepositoryEvent>[],
): Promise<RepositoryRecord> {
  const shown = await repositories.get(namespace, repo_name);
  return recordOf(events, ({ config_id }) => (shown?.config_id === config_id ? shown : undefined));
}
