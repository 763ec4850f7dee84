import type { PipeTransform } from '@nestjs/common';
import { Namespace } from '@slipway/contracts';
import { mayAdminister, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import type { HookRow, ReadModel } from '@slipway/read-model';
import { z } from 'zod';
import { parse } from '../http/parse.js';
import { assertInside } from '../namespaces/namespace-access.js';

/** `{namespace}/hooks/{id}` of a path. */
export interface HookPath {
  readonly namespace: Namespace;
  readonly id: string;
}

/** What cannot be an id is not there. */
export const HookParams: PipeTransform<unknown, HookPath> = parse(
  z.object({ namespace: Namespace, id: z.uuid() }),
  'HOOK_NOT_FOUND',
);

/** Hooks show where a namespace sends what happens in it. @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED */
export const assertMayKeepHooks = (caller: Caller, namespace: string): void =>
  assertInside(caller, namespace, mayAdminister);

/** @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED, HOOK_NOT_FOUND */
export async function shownHook(
  { hooks }: Pick<ReadModel, 'hooks'>,
  caller: Caller,
  { namespace, id }: HookPath,
): Promise<HookRow> {
  assertMayKeepHooks(caller, namespace);
  const row = await hooks.get(namespace, id);
  if (!row) throw new AppError('HOOK_NOT_FOUND', { namespace, hook_id: id });
  return row;
}
