import { mayActForUser, type Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';

/** For what is nobody's but the user's own. @throws ACCESS_DENIED for a token that is not good for everything */
export function assertActsForUser(caller: Caller): void {
  if (!mayActForUser(caller)) throw new AppError('ACCESS_DENIED', { source: 'Authorization' });
}

/** @throws ACCESS_DENIED */
export function assertOperator(caller: Caller): void {
  if (!caller.isAdmin) throw new AppError('ACCESS_DENIED', { source: 'Authorization' });
}
