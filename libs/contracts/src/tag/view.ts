import { z } from 'zod';
import { BuildId, Digest, ImageTag, Instant } from '../names.js';

/** A published tag of an image repository, as it is now. */
export const PublicTagView = z.object({
  tag: ImageTag,
  digest: Digest,
  /** First 12 hex digits; null, as `size`, while the build itself is not shown yet. */
  image_id: z.string().nullable(),
  size: z.int().nonnegative().nullable().describe('Bytes.'),
  build_id: BuildId,
  pushed_at: Instant,
});
export type PublicTagView = z.infer<typeof PublicTagView>;
