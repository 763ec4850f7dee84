import type { CodeHostTokenEvent, StatusHost } from '@slipway/contracts';
import type { CodeHostTokenCommand } from './code-host-token.js';

const at = '2026-11-24T10:00:00.000Z';
const later = '2026-11-25T10:00:00.000Z';
const sealedUnder = (keyId: string) => ({ keyId, iv: 'aXY=', tag: 'dGFn', ciphertext: 'c2VjcmV0' });
const named = (client: StatusHost) => ({ namespace: 'alice', client });
const token = { apiUser: null, token: sealedUnder('00000000'), by: 'alice' };

export const setToken = (client: StatusHost = 'GitHub'): CodeHostTokenCommand => ({
  type: 'SetCodeHostToken',
  data: { ...named(client), ...token, at },
});
export const tokenSet = ({ client = 'GitHub' as StatusHost, when = at } = {}): CodeHostTokenEvent => ({
  type: 'CodeHostTokenSet',
  data: { ...named(client), ...token, at: when },
});
export const tokenReplaced = (): CodeHostTokenEvent => tokenSet({ when: later });
export const removeToken = (client: StatusHost = 'GitHub'): CodeHostTokenCommand => ({
  type: 'RemoveCodeHostToken',
  data: { ...named(client), by: 'alice', at },
});
export const tokenRemoved = (client: StatusHost = 'GitHub'): CodeHostTokenEvent => ({
  type: 'CodeHostTokenRemoved',
  data: { ...named(client), by: 'alice', at },
});
export const resealToken = (): CodeHostTokenCommand => ({
  type: 'ResealCodeHostToken',
  data: { ...named('GitHub'), setAt: at, token: sealedUnder('11111111'), at: later },
});
export const tokenResealed = (): CodeHostTokenEvent => ({
  type: 'CodeHostTokenResealed',
  data: { ...named('GitHub'), token: sealedUnder('11111111'), at: later },
});
