import { connectNats, deadLetterDesk } from '@slipway/messaging';
import type { SetAside } from '../history.js';

/** The newest messages that somebody set aside. */
export async function setAside(natsUrl: string): Promise<readonly SetAside[]> {
  const nats = await connectNats({ url: natsUrl, name: 'checker' });
  try {
    const { letters } = await deadLetterDesk(nats).list(1);
    return letters.map(({ subject, error }) => ({ subject, why: `${error.code}: ${error.message}` }));
  } finally {
    await nats.close();
  }
}
