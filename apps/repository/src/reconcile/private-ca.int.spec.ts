import { createSecretKey, randomBytes } from 'node:crypto';
import { codeHosts, type PresentRepository } from '@slipway/domain';
import { egressTo, parsePrivateHosts } from '@slipway/egress';
import { createMemoryEventStore } from '@slipway/event-store';
import { makePrivateCa, startGitServer } from '@slipway/testing';
import { refReader } from '../deliveries/confirm-refs.js';

it('asks a code host whose certificate a private authority signed, if it is told to trust it', async () => {
  const authority = makePrivateCa();
  const git = await startGitServer({ tls: authority.tls });
  try {
    const { head } = await git.createRepository('alice/hello', { a: '1' });
    const parts = {
      store: createMemoryEventStore(),
      hosts: codeHosts({ GitHub: git.url }),
      egress: egressTo({ privateHosts: parsePrivateHosts('127.0.0.0/8') }),
      secretKeys: [createSecretKey(randomBytes(32))] as const,
    };
    const source = { client: 'GitHub', namespace: 'alice', name: 'hello' } as const;
    const repository = { source, deployKey: null } as unknown as PresentRepository; // all that is read of it
    const { signal } = new AbortController();
    await expect(refReader(parts)(repository, signal)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    const refs = await refReader({ ...parts, caFile: authority.caFile })(repository, signal);
    expect(refs).toContainEqual({ name: 'refs/heads/main', commit: head });
  } finally {
    await git.stop();
    authority.remove();
  }
}, 30_000);
