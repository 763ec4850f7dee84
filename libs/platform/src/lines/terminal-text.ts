// oxlint-disable no-control-regex -- this file is about control characters

/** Everything of C0 and C1 but tab, line feed, carriage return, escape, bell and backspace. */
const UNPRINTABLE = /[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]/;
const UNPRINTABLES = new RegExp(UNPRINTABLE, 'g');

const TERMINAL_CONTROL = /[\x07\x08\x1b]/;
/**
 * In this order: colour (kept), any other CSI sequence, an OSC, DCS, PM, APC or SOS string up to its end, a two-part escape
 * (`ESC ( B`), a plain one, bell and backspace. Source: ECMA-48, 5.3 to 5.6.
 */
const TERMINAL_CONTROLS =
  /(\x1b\[[\d;:]*m)|\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[\x20-\x2f]+[\x30-\x7e]?|\x1b[\x30-\x7e]?|[\x07\x08]/g;

/** Makes each unprintable character U+FFFD: some stores refuse NUL, and a browser should not meet the rest. Length is kept. */
export const replaceUnprintable = (text: string): string =>
  UNPRINTABLE.test(text) ? text.replace(UNPRINTABLES, '\ufffd') : text;

/** Takes terminal control away (cursor movement, erasing, titles, links, bell, backspace) and leaves colour. */
export const stripTerminalControl = (line: string): string =>
  TERMINAL_CONTROL.test(line)
    ? line.replace(TERMINAL_CONTROLS, (_sequence, colour: string | undefined) => colour ?? '')
    : line;
