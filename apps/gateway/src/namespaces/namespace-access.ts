import { Namespace } from '@slipway/contracts';
import { maySeeInside, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import { parse } from '../http/parse.js';

/** `{namespace}` of a path. What cannot be a name is not there. */
export const NamespaceParam = parse(Namespace, 'NAMESPACE_NOT_FOUND');

/**
 * For what belongs to the namespace as a whole. Whoever is no member of it is told no more than that.
 * @throws NAMESPACE_NOT_FOUND, ACCESS_DENIED
 */
export function assertInside(
  caller: Caller,
  namespace: string,
  may: (caller: Caller, namespace: string) => boolean = maySeeInside,
): void {
  if (may(caller, namespace)) return;
  throw new AppError(maySeeInside(caller, namespace) ? 'ACCESS_DENIED' : 'NAMESPACE_NOT_FOUND', { namespace });
}
