import { BuildId } from '@slipway/contracts';
import { maySeeInside, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import type { BuildQueries, BuildRow } from '@slipway/read-model';
import { z } from 'zod';
import { parse } from '../http/parse.js';

/** `{build_id}` of a path, in any case. What cannot be one is not there. */
export const BuildIdParam = parse(z.string().toLowerCase().meta({ format: 'uuid' }).pipe(BuildId), 'BUILD_NOT_FOUND');

/** @throws BUILD_NOT_FOUND also when the caller may not see it */
export async function visibleBuild(builds: BuildQueries, caller: Caller, buildId: string): Promise<BuildRow> {
  const row = await builds.get(buildId);
  if (!row || !maySeeInside(caller, row.namespace)) throw new AppError('BUILD_NOT_FOUND', { buildId });
  return row;
}
