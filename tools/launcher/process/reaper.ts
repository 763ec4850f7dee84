// Outlives the launcher by a moment. It reads what would be left behind from standard input, and when that ends without
// a goodbye (the launcher was killed) it cleans up in its place. It is in a session of its own, so that Ctrl-C does not reach it.
import { createInterface } from 'node:readline';
import { rmSync } from 'node:fs';
import { type Leftovers, sweep } from './leftovers.js';

/** One JSON line each; the latest state wins. */
export type ReaperMessage =
  | { readonly type: 'state'; readonly leftovers: Leftovers; readonly stateFile: string }
  | { readonly type: 'goodbye' };

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {}); // ends with its pipe alone

let latest: Extract<ReaperMessage, { type: 'state' }> | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const message = parse(line);
  if (message?.type === 'goodbye') process.exit(0);
  latest = message ?? latest;
}
if (latest) {
  await sweep(latest.leftovers);
  rmSync(latest.stateFile, { force: true });
}

/** The last line is cut short when the launcher dies while writing it. */
function parse(line: string): ReaperMessage | undefined {
  try {
    return JSON.parse(line) as ReaperMessage;
  } catch {
    return undefined;
  }
}
