import type { BuildView } from '@slipway/contracts';

/** Control characters, line ends and the marks that turn the direction of what follows become spaces. */
export const oneLine = (text: string): string =>
  text.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');

/** null: it did not run. */
export function durationOf({ started_at, ended_at }: BuildView): string | null {
  if (started_at === null || ended_at === null) return null;
  const seconds = Math.round((Date.parse(ended_at) - Date.parse(started_at)) / 1_000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/** Where the API shows it. */
export const linkTo = ({ build_id }: BuildView, publicUrl: string): string => `${publicUrl}/v1/builds/${build_id}`;
