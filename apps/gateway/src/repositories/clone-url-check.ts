import type { BuildConfigBody } from '@slipway/contracts';
import type { Egress } from '@slipway/egress';
import { hostOf, parseCloneUrl, SourceFailure, type Remote } from '@slipway/git';
import { AppError } from '@slipway/kernel';
import { FieldsInvalid } from '../http/parse.js';

/** A name that nobody has looked up by then is let through, ms. */
const LOOKUP_MS = 500;
const FIELD = 'build_config.code_repo_clone_url';

/**
 * Refuses at once what no agent would clone from. Agents look again before they send anything, and only that protects: a
 * name may lead elsewhere by then. The hosts of the other clients are the operator's own words.
 * @throws FIELD_INVALID, ADDRESS_REFUSED
 */
export async function assertMayClone(egress: Egress, config: BuildConfigBody): Promise<void> {
  if (config.code_repo_client !== 'Simple') return;
  const host = hostOf(readable(config.code_repo_clone_url));
  try {
    await egress.addressOf(host, AbortSignal.timeout(LOOKUP_MS));
  } catch (error) {
    if (error instanceof AppError) throw error;
  }
}

/** By the parser of the agents, so that both mean the same host. */
function readable(cloneUrl: string): Remote {
  try {
    return parseCloneUrl(cloneUrl);
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    throw new FieldsInvalid([{ source: FIELD, message: error.message }]);
  }
}
