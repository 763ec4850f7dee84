import { z } from 'zod';
import { BuildId, Digest, ImageTag, Instant } from '../names.js';

/** In `tag-<namespace>.<repository>:<tag>`. */
export const PublicTagEvent = z.object({
  type: z.literal('TagMoved'),
  data: z.object({
    tag: ImageTag,
    buildId: BuildId,
    /** Position of the build's BuildRequested in `$all`. */
    order: z.int().nonnegative(),
    digest: Digest,
    at: Instant,
  }),
});
export type PublicTagEvent = z.infer<typeof PublicTagEvent>;
