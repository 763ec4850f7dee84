import type { StoredEvent } from '../store/events.js';
import { Bell } from './bell.js';
import { LiveTail } from './live-tail.js';

const at = (position: number, bytes = 1): StoredEvent => ({
  position,
  streamId: 1,
  revision: position,
  id: new Uint8Array(16),
  typeId: 1,
  flags: 0,
  createdMs: 0,
  data: new Uint8Array(bytes),
  metadata: null,
});
const range = (first: number, last: number): StoredEvent[] =>
  Array.from({ length: last - first + 1 }, (_, index) => at(first + index));
const positions = (tail: LiveTail, after: number) => tail.after(after)?.map(({ position }) => position);

describe('the live tail', () => {
  it('gives what came after a position', () => {
    const tail = new LiveTail(10);
    tail.push(range(11, 13));
    expect([10, 11, 13].map((position) => positions(tail, position))).toEqual([[11, 12, 13], [12, 13], []]);
  });

  it('says when it no longer reaches back so far', () => {
    const tail = new LiveTail(10);
    expect([positions(tail, 9), positions(tail, 10)]).toEqual([undefined, []]);
    tail.push(range(11, 6_000));
    expect(positions(tail, 11)).toBeUndefined();
    expect(positions(tail, 5_998)).toEqual([5_999, 6_000]);
  });

  it('keeps a bounded number of bytes', () => {
    const tail = new LiveTail(0);
    for (let position = 1; position <= 20; position++) tail.push([at(position, 1024 * 1024)]);
    expect(positions(tail, 5)).toBeUndefined();
    expect(positions(tail, 18)).toEqual([19, 20]);
  });

  it('wakes its subscribers until they leave', () => {
    const tail = new LiveTail(0);
    let rings = 0;
    const leave = tail.subscribe(() => rings++);
    tail.push([at(1)]);
    leave();
    tail.push([at(2)]);
    expect([rings, tail.subscriberCount]).toEqual([1, 0]);
  });
});

describe('the bell', () => {
  it('keeps a ring for who is not asleep yet, once', async () => {
    const bell = new Bell();
    bell.ring();
    bell.ring();
    await bell.wait();
    let isAwake = false;
    const sleeping = bell.wait().then(() => (isAwake = true));
    await Promise.resolve();
    expect(isAwake).toBe(false);
    bell.ring();
    await sleeping;
  });
});
