import { randomUUID } from 'node:crypto';
import { streams } from '@slipway/contracts';
import type { EventStore, NewEvent } from '@slipway/event-store';
import { AppError, type Clock } from '@slipway/kernel';
import { z } from 'zod';

/** Ids that one service takes at once. What it has not given out when it stops is lost: gaps mean nothing. */
const BLOCK_SIZE = 100;
/** Each lost race means that another service got its block, so this is how many may start at once. */
const MAX_TRIES = 50;

const IdsReserved = z.object({ first: z.int().positive(), last: z.int().positive() });
type Block = z.infer<typeof IdsReserved>;

/** Positive integers, each given out once over all services and all time. */
export interface IdSequence {
  /** May be called concurrently. @throws STORE_UNAVAILABLE */
  readonly next: () => Promise<number>;
}

/** The last `IdsReserved` of `sequence-<name>` says what is taken; appending the next one to exactly it takes a block. */
export function idSequence(
  name: string,
  { store, clock, actor }: { readonly store: EventStore; readonly clock: Clock; readonly actor: string },
): IdSequence {
  const stream = streams.sequence(name);
  let block: Block = { first: 1, last: 0 };
  let refill: Promise<void> | undefined;

  const take = async (): Promise<void> => {
    for (let tries = 1; ; tries++) {
      const [newest] = await store.readLast(stream, 1);
      const taken = newest ? IdsReserved.parse(newest.data).last : 0;
      const wanted = { first: taken + 1, last: taken + BLOCK_SIZE };
      try {
        await store.append(stream, [reservation(wanted, clock.now(), actor)], newest?.revision ?? -1);
        block = wanted;
        return;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'REVISION_CONFLICT' || tries === MAX_TRIES) throw error;
      }
    }
  };

  return {
    next: async () => {
      while (block.first > block.last) {
        refill ??= take().finally(() => {
          refill = undefined;
        });
        await refill;
      }
      const id = block.first;
      block = { ...block, first: id + 1 };
      return id;
    },
  };
}

function reservation(block: Block, at: string, actor: string): NewEvent {
  const id = randomUUID();
  return {
    id,
    type: 'IdsReserved',
    data: block,
    metadata: { at, actor, $correlationId: id, $causationId: id, version: 1 },
  };
}
