import type { Digest } from '@slipway/contracts';
import type { Registry } from './registry.js';

const MAX_REPAIRS = 5;

/**
 * Tells the registry what was decided, and looks the decision up again afterwards: if it became another one meanwhile, the
 * registry is told that, so that the slowest of several writers still leaves what is decided.
 * @param decided `undefined`: nothing more to tell
 * @throws REGISTRY_UNAVAILABLE; what `decided` throws
 */
export async function tagUntilDecided(
  registry: Registry,
  { repository, tag, digest }: { readonly repository: string; readonly tag: string; readonly digest: Digest },
  decided: () => Promise<Digest | undefined>,
): Promise<void> {
  let told = digest;
  for (let repairs = 0; repairs < MAX_REPAIRS; repairs++) {
    await registry.tag(repository, tag, told);
    const now = await decided();
    if (now === undefined || now === told) return;
    told = now;
  }
}
