import { z } from 'zod';

/** Of a value, bytes: all that a namespace may give to one build has to fit into one message. */
const MAX_VALUE_BYTES = 32_768;
const MAX_PASSWORD_BYTES = 8_192;

const text = (maxBytes: number) =>
  z
    .string()
    .min(1)
    .max(maxBytes)
    .refine((value) => new TextEncoder().encode(value).length <= maxBytes, {
      error: `has more than ${maxBytes} bytes`,
    });

/** Body of `PUT /v1/namespaces/{namespace}/secrets/{name}`, and of a repository's. */
export const SetSecretBody = z.object({
  value: text(MAX_VALUE_BYTES).describe('Shown to builds, and never again in an answer.'),
});
export type SetSecretBody = z.infer<typeof SetSecretBody>;

/** Body of `PUT /v1/namespaces/{namespace}/registry-credentials/{host}`. */
export const SetRegistryCredentialBody = z.object({
  username: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^:\p{Cc}]+$/u, 'must not hold a colon or a control character'),
  password: text(MAX_PASSWORD_BYTES).describe('Shown to that registry alone, and never again in an answer.'),
});
export type SetRegistryCredentialBody = z.infer<typeof SetRegistryCredentialBody>;
