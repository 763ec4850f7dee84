import { z } from 'zod';

/** Of an ssh server: `github.com`; with its port where that is not 22: `git.example:2222`, `[2001:db8::1]:2222`. */
export const HostName = z
  .string()
  .max(260)
  .regex(/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/, {
    error: 'must be the name of a host in lower case, with :port where that is not 22',
  })
  .meta({ examples: ['github.com'] });
export type HostName = z.infer<typeof HostName>;
