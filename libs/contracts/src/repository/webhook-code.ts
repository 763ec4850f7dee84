import { z } from 'zod';

/** 24 random bytes as base64url: names a webhook, and whoever knows it may send to it. */
export const WebhookCode = z.string().regex(/^[A-Za-z0-9_-]{32}$/, 'not a webhook code');
export type WebhookCode = z.infer<typeof WebhookCode>;
