import { z } from 'zod';
import { ImageTagTemplate } from '../names.js';

export const RefType = z.enum(['branch', 'tag']);
export type RefType = z.infer<typeof RefType>;

/** 0: no extra tag; 1: `vYYYYMMDD.HHMMSS` of the build's creation, UTC; 2: the commit id. */
export const VersionTagging = z.union([z.literal(0), z.literal(1), z.literal(2)]);
export type VersionTagging = z.infer<typeof VersionTagging>;

/** Which ref makes which tag. */
export const TagConfig = z.object({
  id: z.int().positive(),
  refType: RefType,
  /** A name, a glob or a `/regular expression/`. */
  refName: z.string(),
  dockerRepoTag: ImageTagTemplate,
  buildContextPath: z.string(),
  dockerfileLocation: z.string(),
  isActive: z.boolean(),
  cacheEnabled: z.boolean(),
  versionTagging: VersionTagging,
});
export type TagConfig = z.infer<typeof TagConfig>;
