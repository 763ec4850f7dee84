import { count as countMetric, type Logger } from '@slipway/platform';
import type { OnPoison } from '@slipway/read-model';

/** Events that could not be read. */
export interface PoisonCount {
  readonly onPoison: OnPoison;
  readonly count: () => number;
}

/** One bad event must not stop every view: it is passed over, and somebody has to look at it. */
export function countPoison(logger: Logger): PoisonCount {
  let count = 0;
  return {
    onPoison: ({ stream, revision, position, type }, error) => {
      count++;
      countMetric('slipway_unreadable_events_total');
      logger.error({ error, stream, revision, position, type, poisonCount: count }, 'event passed over: unreadable');
    },
    count: () => count,
  };
}
