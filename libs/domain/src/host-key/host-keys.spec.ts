import type { HostKeyEvent } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { hostKeys, type HostKeyCommand } from './host-keys.js';

const at = '2026-11-23T10:00:00.000Z';
const pin = (host: string, ...keys: string[]): HostKeyCommand => ({
  type: 'PinHostKeys',
  data: { host, keys, by: 'ada', at },
});
const unpin = (host: string): HostKeyCommand => ({ type: 'UnpinHostKeys', data: { host, by: 'ada', at } });
const pinned = (host: string, ...keys: string[]): HostKeyEvent => ({
  type: 'HostKeysPinned',
  data: { host, keys, pinnedBy: 'ada', at },
});
const unpinned = (host: string): HostKeyEvent => ({ type: 'HostKeysUnpinned', data: { host, unpinnedBy: 'ada', at } });

const given = specify(hostKeys);
const published = hostKeys.initial.get('github.com');
const after = (...events: HostKeyEvent[]) => events.reduce(hostKeys.evolve, hostKeys.initial);

describe('host keys', () => {
  it('are pinned as a set, in one order', () =>
    given()
      .when(pin('h', 'b', 'a', 'b'))
      .then(pinned('h', 'a', 'b')));

  it('stay as they are when they are pinned again', () =>
    given(pinned('h', 'a', 'b'))
      .when(pin('h', 'b', 'a'))
      .thenNothing());

  it('are exchanged as a whole', () => {
    given(pinned('h', 'a')).when(pin('h', 'b')).then(pinned('h', 'b'));
    expect(after(pinned('h', 'a'), pinned('h', 'b')).get('h')?.keys).toEqual(['b']);
  });

  it('are unpinned once', () => {
    given(pinned('h', 'a')).when(unpin('h')).then(unpinned('h'));
    given(pinned('h', 'a'), unpinned('h')).when(unpin('h')).thenRejects('HOST_KEYS_NOT_FOUND');
    expect(after(pinned('h', 'a'), unpinned('h')).get('h')).toBeUndefined();
  });

  it('that a host has published are pinned over, and come back', () => {
    given().when(unpin('github.com')).thenRejects('HOST_KEYS_NOT_FOUND');
    expect(after(pinned('github.com', 'a')).get('github.com')?.keys).toEqual(['a']);
    expect(after(pinned('github.com', 'a'), unpinned('github.com')).get('github.com')).toEqual(published);
  });
});
