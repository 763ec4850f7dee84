import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';

/** For what concerns the system as a whole. @throws ACCESS_DENIED to all but its administrators */
export function assertOperator(caller: Caller): void {
  if (!caller.isAdmin) throw new AppError('ACCESS_DENIED');
}
