/**
 * What is said of a step, in UTF-16 units: a Dockerfile may have lines of any length, and a report is one message, which
 * JetStream takes up to 1 MiB of. The log has all of it.
 */
export const STEP_CHARS = 2_048;
export const MESSAGE_CHARS = 8_192;

/** The beginning of a text that is too long, and how long it was. */
export function clip(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const rest = ` … (${text.length} characters)`;
  return text.slice(0, chars - rest.length).toWellFormed() + rest;
}
