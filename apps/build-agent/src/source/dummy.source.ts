import { createHash } from 'node:crypto';
import type { Source } from './source.js';

/** Fetches nothing: for load tests, beside the dummy builder. The commit derives from the URL and the ref. */
export const dummySource: Source = {
  fetch: async ({ cloneUrl, ref, commit }, { workspace }) => ({
    commit: commit ?? createHash('sha1').update(`${cloneUrl}#${ref.type}/${ref.name}`).digest('hex'),
    directory: workspace,
  }),
};
