import { connectEventStore } from '@slipway/event-store';
import { systemClock as clock } from '@slipway/kernel';
import { createLogger } from '@slipway/platform';
import { readKeysConfig } from './config.js';
import { resealDeployKeys, type Resealed } from './deploy-keys/reseal-deploy-keys.js';
import { resealSecrets } from './secrets/reseal-secrets.js';

/**
 * `keys rotate`: every stored deploy key, build secret and registry password under the present
 * SLIPWAY_SECRET_KEY. Answers the exit code: 1 when some are left that no key of the environment opens.
 * @throws ConfigError
 */
export async function keysCommand(signal: AbortSignal): Promise<number> {
  const { eventStoreUrl, secretKeys } = readKeysConfig();
  const store = connectEventStore({ url: eventStoreUrl, logger: createLogger('repository-keys') });
  try {
    const parts = { store, clock, secretKeys };
    const results = [
      tell('deploy keys', await resealDeployKeys(parts, signal)),
      tell('secrets', await resealSecrets(parts, signal)),
    ];
    return results.some(({ unreadable }) => unreadable > 0) ? 1 : 0;
  } finally {
    await store.close();
  }
}

function tell(what: string, result: Resealed): Resealed {
  const { resealed, current, unreadable } = result;
  process.stdout.write(`${what}: ${resealed} sealed anew, ${current} were, ${unreadable} cannot be opened\n`);
  return result;
}
