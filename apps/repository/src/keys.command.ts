import { connectEventStore } from '@slipway/event-store';
import { systemClock as clock } from '@slipway/kernel';
import { createLogger } from '@slipway/platform';
import { readKeysConfig } from './config.js';
import { resealCodeHostTokens } from './code-host-tokens/reseal-code-host-tokens.js';
import { resealDeployKeys } from './deploy-keys/reseal-deploy-keys.js';
import { resealWebhookSecrets } from './deliveries/reseal-webhook-secrets.js';
import { resealHookSecrets } from './hooks/reseal-hook-secrets.js';
import { resealSecrets } from './secrets/reseal-secrets.js';

const SEALED = [
  ['deploy keys', resealDeployKeys],
  ['hook secrets', resealHookSecrets],
  ['webhook secrets', resealWebhookSecrets],
  ['code host tokens', resealCodeHostTokens],
  ['build secrets and registry passwords', resealSecrets],
] as const;

/**
 * `keys rotate`: everything that is stored sealed under the present SLIPWAY_SECRET_KEY. Answers the exit code: 1 when
 * something is left that no key of the environment opens.
 * @throws ConfigError
 */
export async function keysCommand(signal: AbortSignal): Promise<number> {
  const { eventStoreUrl, secretKeys } = readKeysConfig();
  const store = connectEventStore({ url: eventStoreUrl, logger: createLogger('repository-keys') });
  try {
    let left = 0;
    for (const [what, reseal] of SEALED) {
      const { resealed, current, unreadable } = await reseal({ store, clock, secretKeys }, signal);
      process.stdout.write(`${what}: ${resealed} sealed anew, ${current} were, ${unreadable} cannot be opened\n`);
      left += unreadable;
    }
    return left > 0 ? 1 : 0;
  } finally {
    await store.close();
  }
}
