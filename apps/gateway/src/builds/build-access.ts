import { BuildId } from '@slipway/contracts';
import { mayRead, maySeeInside, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import type { BuildRow, BuildScope, ReadModel } from '@slipway/read-model';
import { z } from 'zod';
import { parse } from '../http/parse.js';

/** `{build_id}` of a path, in any case. What cannot be one is not there. */
export const BuildIdParam = parse(z.string().toLowerCase().meta({ format: 'uuid' }).pipe(BuildId), 'BUILD_NOT_FOUND');

/** @throws BUILD_NOT_FOUND also when the caller may not see it */
export async function visibleBuild(
  readModel: Pick<ReadModel, 'builds' | 'repositories'>,
  caller: Caller | undefined,
  buildId: string,
): Promise<BuildRow> {
  const row = await readModel.builds.get(buildId);
  if (!row || !(await mayReadBuild(readModel, caller, row))) throw new AppError('BUILD_NOT_FOUND', { buildId });
  return row;
}

/** Builds are as public as their repository is now. Another one that had its name before stays what it was. */
async function mayReadBuild(
  { repositories }: Pick<ReadModel, 'repositories'>,
  caller: Caller | undefined,
  { namespace, repo_name, config_id }: BuildRow,
): Promise<boolean> {
  if (maySeeInside(caller, namespace)) return true;
  const repository = await repositories.get(namespace, repo_name);
  return repository?.config_id === config_id && mayRead(caller, { namespace, isPublic: repository.is_public });
}

/** What of a list the caller may see. `undefined`: nothing, as if there were none. */
export async function visibleScope(
  { repositories }: Pick<ReadModel, 'repositories'>,
  caller: Caller,
  scope: BuildScope,
): Promise<BuildScope | undefined> {
  if (!('namespace' in scope) || maySeeInside(caller, scope.namespace)) return scope;
  const { namespace, repoName } = scope;
  const repository = repoName === undefined ? undefined : await repositories.get(namespace, repoName);
  return repository?.is_public ? { namespace, repoName, since: repository.position } : undefined;
}
