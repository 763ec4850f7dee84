import { connectEventStore } from '@slipway/event-store';
import { systemClock as clock } from '@slipway/kernel';
import { createLogger } from '@slipway/platform';
import { readKeysConfig } from './config.js';
import { resealDeployKeys } from './deploy-keys/reseal-deploy-keys.js';

/**
 * `keys rotate`: every stored deploy key under the present SLIPWAY_SECRET_KEY. Answers the exit code: 1 when keys are
 * left that none of the environment opens.
 * @throws ConfigError
 */
export async function keysCommand(signal: AbortSignal): Promise<number> {
  const { eventStoreUrl, secretKeys } = readKeysConfig();
  const store = connectEventStore({ url: eventStoreUrl, logger: createLogger('repository-keys') });
  try {
    const { resealed, current, unreadable } = await resealDeployKeys({ store, clock, secretKeys }, signal);
    process.stdout.write(`deploy keys: ${resealed} sealed anew, ${current} were, ${unreadable} cannot be opened\n`);
    return unreadable > 0 ? 1 : 0;
  } finally {
    await store.close();
  }
}
