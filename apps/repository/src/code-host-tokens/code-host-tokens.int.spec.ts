import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { CodeHostTokenEvent, streams } from '@slipway/contracts';
import { codeHostTokens, hooks } from '@slipway/domain';
import {
  codeHostTokenCodec,
  createMemoryEventStore,
  hookCodec,
  loadState,
  type EventStore,
} from '@slipway/event-store';
import { fakeClock } from '@slipway/testing';
import { openSealed } from '../deploy-keys/secret-keys.js';
import { addHookHandler, bindingOf as bindingOfHook } from '../hooks/change-hooks.js';
import { resealHookSecrets } from '../hooks/reseal-hook-secrets.js';
import { bindingOf, codeHostTokenDesk, type CodeHostTokenDesk } from './code-host-tokens.js';
import { resealCodeHostTokens } from './reseal-code-host-tokens.js';

const TOKEN = 'a-token-of-the-code-host';
const [former, present] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
const github = { namespace: 'alice', client: 'GitHub' as const };
const sender = () => ({ commandId: randomUUID(), actor: 'alice', correlationId: 'c1' });

let store: EventStore;
let desk: CodeHostTokenDesk;
beforeEach(() => {
  store = createMemoryEventStore();
  desk = codeHostTokenDesk({ store, clock: fakeClock(), secretKey: former });
});

const set = (named: { readonly namespace: string; readonly client: 'GitHub' | 'Bitbucket' }, api_token = TOKEN) =>
  desk.set({ ...sender(), command: { ...named, body: { api_token, api_user: null } } });
const tokensOf = async (namespace: string) =>
  (await loadState({ store, decider: codeHostTokens, codec: codeHostTokenCodec }, streams.codeHostTokens(namespace)))
    .state;

describe('the token for a code host', () => {
  it('is sealed for its namespace and host, and in no answer', async () => {
    const answers = [await set(github), await desk.list(github)];
    const [stored] = await store.read(streams.codeHostTokens('alice'));
    expect(JSON.stringify([answers, stored?.data])).not.toContain(TOKEN);
    const event = CodeHostTokenEvent.parse(stored);
    if (event.type !== 'CodeHostTokenSet') throw new Error(event.type);
    expect(JSON.stringify(answers)).not.toContain(event.data.token.ciphertext);
    expect(openSealed(event.data.token, bindingOf(github), [former]).toString()).toBe(TOKEN);
    for (const other of [
      { ...github, namespace: 'bob' },
      { ...github, client: 'OSChina' as const },
    ])
      expect(() => openSealed(event.data.token, bindingOf(other), [former])).toThrow('DEPLOY_KEY_UNREADABLE');
  });

  it('is listed by its host, replaced, and removed', async () => {
    await set(github);
    await set({ namespace: 'alice', client: 'Bitbucket' });
    const { tokens } = await set(github, 'another-one');
    expect(tokens.map(({ code_repo_client }) => code_repo_client)).toEqual(['Bitbucket', 'GitHub']);
    const removed = await desk.remove({ ...sender(), command: github });
    expect(removed).toEqual(await desk.list(github));
    expect(removed.tokens.map(({ code_repo_client }) => code_repo_client)).toEqual(['Bitbucket']);
    await expect(desk.remove({ ...sender(), command: github })).rejects.toThrow('CODE_HOST_TOKEN_NOT_FOUND');
  });
});

describe('a change of the secret key', () => {
  const parts = () => ({ store, clock: fakeClock(), secretKeys: [present, former] as const });
  const signal = AbortSignal.timeout(10_000);

  it('seals every token for a code host anew, once', async () => {
    await set(github);
    await set({ namespace: 'bob', client: 'GitHub' });
    expect(await resealCodeHostTokens(parts(), signal)).toEqual({ resealed: 2, current: 0, unreadable: 0 });
    expect(await resealCodeHostTokens(parts(), signal)).toEqual({ resealed: 0, current: 2, unreadable: 0 });
    for (const namespace of ['alice', 'bob']) {
      const token = (await tokensOf(namespace)).get('GitHub')?.token;
      if (!token) throw new Error('no token');
      expect(openSealed(token, bindingOf({ namespace, client: 'GitHub' }), [present]).toString()).toBe(TOKEN);
    }
  });

  it('counts a token that nobody can open', async () => {
    await set(github);
    const counts = await resealCodeHostTokens({ ...parts(), secretKeys: [present] }, signal);
    expect(counts).toEqual({ resealed: 0, current: 0, unreadable: 1 });
  });

  it('seals the secret of every hook anew, once', async () => {
    const secret = randomBytes(32).toString('base64url');
    const body = { url: 'https://chat.example/', events: ['build.failed' as const], is_active: true };
    const add = addHookHandler({ store, clock: fakeClock(), secretKey: former });
    const ids = [randomUUID(), randomUUID()];
    for (const hookId of ids) await add({ ...sender(), command: { namespace: 'alice', hookId, body, secret } });
    expect(await resealHookSecrets(parts(), signal)).toEqual({ resealed: 2, current: 0, unreadable: 0 });
    expect(await resealHookSecrets(parts(), signal)).toEqual({ resealed: 0, current: 2, unreadable: 0 });
    const { state } = await loadState({ store, decider: hooks, codec: hookCodec }, streams.hooks('alice'));
    expect(state.map(({ hookId }) => hookId)).toEqual(ids);
    for (const hook of state)
      expect(openSealed(hook.secret, bindingOfHook(hook.hookId), [present]).toString()).toBe(secret);
  });
});
