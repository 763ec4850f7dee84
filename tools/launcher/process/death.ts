/** A child that ended without being asked to, with the last lines that it wrote. */
export interface Death {
  readonly name: string;
  readonly code: number; // 128 + signal number when a signal ended it
  readonly logFile: string | undefined;
  readonly lastLines: string;
}

const BAD_CONFIGURATION = 78; // EX_CONFIG

/** For a person: who, why, and what it said last. */
export function describeDeath({ name, code, logFile, lastLines }: Death): string {
  const why = code === BAD_CONFIGURATION ? 'refuses its configuration' : `ended with exit code ${code}`;
  return `${name} ${why}${lastWords(logFile, lastLines)}`;
}

export const lastWords = (logFile: string | undefined, lines: string): string =>
  logFile ? `; the last lines of ${logFile}:\n${lines.replaceAll(/^/gm, '  ')}` : '';
