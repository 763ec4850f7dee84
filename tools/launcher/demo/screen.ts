import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Where the demo tells what happens. */
export interface Screen {
  /** True: a terminal, whose last line may be redrawn. False: lines only, for files and CI. */
  readonly isLive: boolean;
  readonly columns: number;
  readonly line: (text?: string) => void;
  /** The last line of a terminal until it is called again; `undefined` takes it away. Nothing elsewhere. */
  readonly status: (text: string | undefined) => void;
  /** In colour where that is wanted. */
  readonly paint: (style: Style, text: string) => string;
}

const ERASE_LINE = '\r\u001b[2K';
const PLAIN_COLUMNS = 100;

export function openScreen(output: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const isLive = Boolean(output.isTTY) && !env['NO_COLOR'] && !env['CI'] && env['TERM'] !== 'dumb';
  let status: string | undefined;
  const write = (text: string): void => {
    const erase = status === undefined ? '' : ERASE_LINE;
    output.write(`${erase}${text}${status ?? ''}`);
  };
  return {
    isLive,
    get columns() {
      return isLive ? output.columns : PLAIN_COLUMNS;
    },
    line: (text = '') => write(`${text}\n`),
    status: (text) => {
      if (!isLive || text === status) return;
      if (status !== undefined) output.write(ERASE_LINE);
      if (text !== undefined) output.write(text);
      status = text;
    },
    paint: (style, text) => styleText(style, text, { stream: output }),
  };
}

export function chapter({ line, paint }: Screen, title: string, what?: string): void {
  line();
  line(`${paint('bold', title)}${what ? paint('dim', `: ${what}`) : ''}`);
}

/** What an outsider wrote, without any power over the terminal. */
export const harmless = (text: string): string => stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ');

export const clip = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, Math.max(columns - 1, 0))}…`;
