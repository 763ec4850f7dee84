import type { RepositoryEvent, TagConfig } from '@slipway/contracts';

/** Where a push starts builds there is a code to send it to; a secret is issued when somebody asks for it. */
export function firstWebhook(
  tagConfigs: readonly TagConfig[],
  { configId, code, issuedBy, at }: NewWebhook,
): readonly RepositoryEvent[] {
  if (code === undefined || !tagConfigs.some(({ isActive }) => isActive)) return [];
  return [{ type: 'WebhookIssued', data: { configId, code, secret: null, issuedBy, at } }];
}

interface NewWebhook {
  readonly configId: number;
  readonly code: string | undefined;
  readonly issuedBy: string;
  readonly at: string;
}
