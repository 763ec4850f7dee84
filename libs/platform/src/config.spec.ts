import { z } from 'zod';
import { ConfigError, readEnv } from './config.js';

const Env = z.object({
  PORT: z.coerce.number().int().min(1).default(8080),
  NATS_URL: z.url({ protocol: /^nats$/ }),
  LEVEL: z.enum(['info', 'debug']).default('info'),
});

describe('the environment', () => {
  it('is read once, with defaults for what is absent or empty', () => {
    const config = readEnv(Env, { NATS_URL: 'nats://127.0.0.1:4222', PORT: '', LEVEL: 'debug' });
    expect(config).toEqual({ PORT: 8080, NATS_URL: 'nats://127.0.0.1:4222', LEVEL: 'debug' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('is refused with every bad variable named', () => {
    const read = (): unknown => readEnv(Env, { PORT: 'eighty', LEVEL: 'loud' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/PORT: [^]*NATS_URL: [^]*LEVEL: /);
  });
});
