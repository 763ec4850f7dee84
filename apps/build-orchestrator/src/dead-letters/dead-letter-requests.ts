import {
  commandSubjects,
  DeadLetterListQuery,
  DeadLetterQuery,
  DeadLetterRequest,
  querySubjects,
} from '@slipway/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { deadLetterDesk, serve, type Service } from '@slipway/messaging';
import type { Logger } from '@slipway/platform';

/** What operators ask about messages that nobody could take in, by way of a gateway. */
export function answerAboutDeadLetters(
  { nats, logger }: { readonly nats: NatsConnection; readonly logger: Logger },
  common: Pick<Service<unknown>, 'queue' | 'onError'>,
): readonly { readonly stop: () => Promise<void> }[] {
  const desk = deadLetterDesk(nats);
  return [
    serve(nats, {
      ...common,
      subject: querySubjects.deadLetters,
      schema: DeadLetterListQuery,
      handle: ({ page }) => desk.list(page),
    }),
    serve(nats, {
      ...common,
      subject: querySubjects.deadLetter,
      schema: DeadLetterQuery,
      handle: ({ id }) => desk.get(id),
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.replayDeadLetter,
      schema: DeadLetterRequest,
      handle: async ({ id, by }) => {
        const replayed = await desk.replay(id);
        logger.info({ by, ...replayed }, 'dead letter replayed');
        return replayed;
      },
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.removeDeadLetter,
      schema: DeadLetterRequest,
      handle: async ({ id, by }) => {
        await desk.remove(id);
        logger.info({ by, id }, 'dead letter removed');
        return {};
      },
    }),
  ];
}
