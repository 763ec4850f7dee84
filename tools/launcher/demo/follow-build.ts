import type { Api, BuildNews } from './api.js';
import { type Screen, clip, harmless } from './screen.js';

type News<T extends BuildNews['type']> = Extract<BuildNews, { type: T }>;

const BAR_COLUMNS = 25; // two of `step_at` each
const STEPS = 50;
const REDRAW_MS = 100;

/** `[site 2/5] RUN make`: the log's line for a step of the Dockerfile. */
const STEP_LINE = /^\[(?:\S+ )?\d+\/\d+\] /;
const CACHED = / CACHED$/;

/** Prints the log as it comes, above a progress bar where there is a terminal. */
export async function followBuild(api: Api, buildId: string, screen: Screen): Promise<void> {
  const startedAt = performance.now();
  let latest: News<'status'> | undefined;
  const draw = (): void => screen.status(latest && statusLine(latest, (performance.now() - startedAt) / 1_000, screen));
  const redraw = screen.isLive ? setInterval(draw, REDRAW_MS) : undefined;
  try {
    for await (const news of api.follow(buildId)) {
      if (news.type === 'line') screen.line(`  ${screen.paint('dim', '│')} ${logLine(news, screen)}`);
      else {
        if (!screen.isLive && news.state !== latest?.state)
          screen.line(`  > ${news.state}: ${news.step_at} of ${STEPS}`);
        latest = news;
        draw();
      }
    }
  } finally {
    clearInterval(redraw);
    screen.status(undefined);
  }
}

function logLine({ message, level }: News<'line'>, { paint }: Screen): string {
  const text = harmless(message);
  if (level === 'ERROR') return paint('red', text);
  if (level === 'WARNING') return paint('yellow', text);
  if (level === 'DEBUG') return paint('dim', text);
  if (!STEP_LINE.test(text)) return text;
  return CACHED.test(text) ? paint('green', text) : paint(['bold', 'cyan'], text);
}

function statusLine({ state, step_at, step }: News<'status'>, seconds: number, { columns, paint }: Screen): string {
  const done = Math.round((step_at / STEPS) * BAR_COLUMNS);
  const bar = `${paint('cyan', '━'.repeat(done))}${paint('dim', '─'.repeat(BAR_COLUMNS - done))}`;
  const what = state === 'building' && step ? `${state} ${step.index}/${step.total} ${harmless(step.name)}` : state;
  const text = `${seconds.toFixed(1).padStart(5)} s  ${what}`;
  return `  ${bar} ${clip(text, columns - BAR_COLUMNS - 4)}`;
}
