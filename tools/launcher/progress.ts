import { stderr } from 'node:process';

const SILENT_MS = 2_000;
const REPORT_EVERY_MS = 5_000;

type Say = (text: string) => void;

export const say: Say = (text) => void stderr.write(`slipway: ${text}\n`);

/** Says what takes so long, from two seconds on and then every five, and how long it took in the end. */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  let interval: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    say(`${what} …`);
    interval = setInterval(() => say(`${what} … ${seconds()} s`), REPORT_EVERY_MS);
  }, SILENT_MS);
  try {
    const result = await work();
    if (interval) say(`${what}: done in ${seconds()} s`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(interval);
  }
}
