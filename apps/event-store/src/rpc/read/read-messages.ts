import { randomUUID } from 'node:crypto';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { streamIdentifier, streams } from '../stubs.js';

/** The messages of a Read call that are not events, encoded. */
export const confirmation = (): Buffer =>
  encode((answer) =>
    answer.setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())),
  );

export const caughtUp = (): Buffer => encode((answer) => answer.setCaughtUp(new streams.ReadResp.CaughtUp()));

export const fellBehind = (): Buffer => encode((answer) => answer.setFellBehind(new streams.ReadResp.FellBehind()));

export const checkpoint = (position: number): Buffer =>
  encode((answer) =>
    answer.setCheckpoint(
      new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)),
    ),
  );

export const streamNotFound = (stream: string): Buffer =>
  encode((answer) =>
    answer.setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream))),
  );

const encode = (fill: (answer: ReadResp) => ReadResp): Buffer =>
  Buffer.from(fill(new streams.ReadResp()).serializeBinary());
