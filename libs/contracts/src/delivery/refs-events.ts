import { z } from 'zod';
import { CommitId, Instant } from '../names.js';

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object({ configId: z.int().positive(), ...data, at: Instant }) });

/** A branch or tag of a code host, and where it is. */
export const ObservedRef = z.object({
  /** As git words it: `refs/heads/main`. */
  name: z.string(),
  commit: CommitId,
});
export type ObservedRef = z.infer<typeof ObservedRef>;

/** In `refs-<build config>`: where the refs that a tag config is for are, as far as anybody told or looked. */
export const RefsEvent = z.discriminatedUnion('type', [
  /** The code host was asked; `refs` are those that were elsewhere before. */
  event('RefsObserved', {
    /** Counts from 1. */
    observation: z.int().positive(),
    /** How often the build config had been set by then. */
    configChanges: z.int().nonnegative(),
    refs: z.array(ObservedRef),
    /** Nobody has told of these: they are to be built. The other refs are only written down. */
    found: z.array(ObservedRef),
  }),
  /** A delivery told of them. */
  event('RefsDelivered', { refs: z.array(ObservedRef) }),
]);
export type RefsEvent = z.infer<typeof RefsEvent>;
