import type { HookEvent } from '@slipway/contracts';
import type { HookCommand } from './hook.js';

const at = '2026-11-24T10:00:00.000Z';
const secret = { keyId: '00000000', iv: 'aXY=', tag: 'dGFn', ciphertext: 'c2VjcmV0' };

const named = (number: number) => ({
  namespace: 'alice',
  hookId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  by: 'alice',
  at,
});
const target = (isActive: boolean) => ({
  url: 'https://chat.example/slipway',
  topics: ['build.failed' as const],
  isActive,
});

export const addHook = (number = 1): HookCommand => ({
  type: 'AddHook',
  data: { ...named(number), ...target(true), secret },
});
export const added = (number = 1): HookEvent => ({
  type: 'HookAdded',
  data: { ...named(number), ...target(true), secret },
});
export const changeHook = ({ number = 1, isActive = false } = {}): HookCommand => ({
  type: 'ChangeHook',
  data: { ...named(number), ...target(isActive) },
});
export const changed = ({ number = 1, isActive = false } = {}): HookEvent => ({
  type: 'HookChanged',
  data: { ...named(number), ...target(isActive) },
});
export const removeHook = (number = 1): HookCommand => ({ type: 'RemoveHook', data: named(number) });
export const removed = (number = 1): HookEvent => ({ type: 'HookRemoved', data: named(number) });

const { by: _, ...resealing } = { ...named(1), secret: { ...secret, keyId: '11111111' } };
export const reseal = (): HookCommand => ({ type: 'ResealHookSecret', data: resealing });
export const resealed = (): HookEvent => ({ type: 'HookSecretResealed', data: resealing });
