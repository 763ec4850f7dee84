import { connect } from '@nats-io/transport-node';
import { natsServers } from '@slipway/messaging';
import { Problem } from '../problem.js';
import { isAtLeast } from './command.js';
import { NATS_MINIMUM } from './programs.js';
import { withoutPassword } from './url.js';

const CONNECT_LIMIT_MS = 5_000;

/** @throws Problem when no server answers at the URL, or one that is too old or has no JetStream */
export async function checkNats(url: string): Promise<void> {
  const shown = withoutPassword(url);
  const connection = await connect({ ...natsServers(url), timeout: CONNECT_LIMIT_MS, reconnect: false }).catch(
    (error: Error) => {
      throw new Problem(`no nats-server answers at NATS_URL=${shown} (${error.message}): start it, or unset it.`);
    },
  );
  const info = connection.info;
  await connection.close();
  const version = info?.version ?? '0';
  if (!isAtLeast(version, NATS_MINIMUM))
    throw new Problem(`nats-server ${version} at NATS_URL=${shown} is too old: ${NATS_MINIMUM} or newer is needed.`);
  if (!info?.jetstream) throw new Problem(`the nats-server at NATS_URL=${shown} has no JetStream: start it with -js.`);
}
