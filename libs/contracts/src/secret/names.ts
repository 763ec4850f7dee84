import { z } from 'zod';

/** What a Dockerfile calls it: `RUN --mount=type=secret,id=<name>`. */
export const SecretName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, {
    error: 'must begin with a letter or _, then letters, digits, _, . and -, 128 at most',
  })
  .meta({ examples: ['npm_token'] });
export type SecretName = z.infer<typeof SecretName>;

/** As image names write it: `registry.example:5000`; `docker.io` for Docker Hub. */
export const RegistryHost = z
  .string()
  .max(260)
  .regex(/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/, {
    error: 'must be the host of an image name in lower case, with its port where the name has one',
  })
  .meta({ examples: ['registry.example:5000'] });
export type RegistryHost = z.infer<typeof RegistryHost>;
