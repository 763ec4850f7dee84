import type { z } from 'zod';

/**
 * Reads an app's configuration from its environment. Empty values count as absent, so that `PORT= npm start` means the default.
 * @throws once, at start, naming every bad variable
 */
export function readEnv<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv = process.env): Readonly<z.output<T>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  return Object.freeze(parsed.data as object) as Readonly<z.output<T>>;
}

/** Every bad variable, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`Invalid configuration\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}
