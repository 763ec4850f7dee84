import { deliveryOf, FrameReader, frameBytes, publishedTo, withBody } from './nats-frames.js';

const TEXT =
  'INFO {"server_id": "a b"}\r\nMSG cmd.x 7 5\r\na\r\nb!\r\nHMSG log.1 9 $JS.ACK.LOGS.x 12 14\r\nNATS/1.0\r\n\r\nhi\r\nPING\r\n';

describe('frames of NATS', () => {
  it.each([1, 3, 7, 1_000])('are read whole from pieces of %i bytes, and written as they were', (size) => {
    const reader = new FrameReader();
    const bytes = Buffer.from(TEXT);
    const frames = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      reader.read(bytes.subarray(index * size, (index + 1) * size)),
    ).flat();
    expect(frames.map(({ words }) => words[0])).toEqual(['INFO {"server_id": "a b"}', 'MSG', 'HMSG', 'PING']);
    expect(frames.map(({ payload }) => payload?.toString())).toEqual([
      undefined,
      'a\r\nb!',
      'NATS/1.0\r\n\r\nhi',
      undefined,
    ]);
    expect(Buffer.concat(frames.map(frameBytes)).toString()).toBe(TEXT);
  });

  it('tell what is delivered where, and what is published', () => {
    const [, plain, withReply] = new FrameReader().read(Buffer.from(TEXT));
    expect(plain && deliveryOf(plain)).toEqual({ subject: 'cmd.x', sid: '7', reply: undefined });
    expect(withReply && deliveryOf(withReply)).toEqual({ subject: 'log.1', sid: '9', reply: '$JS.ACK.LOGS.x' });
    const [published] = new FrameReader().read(Buffer.from('PUB $JS.ACK.a _INBOX.1 4\r\n+ACK\r\n'));
    if (!published) throw new Error('nothing was read');
    expect(publishedTo(published)).toBe('$JS.ACK.a');
    expect(frameBytes(withBody(published, '-NAK {}')).toString()).toBe('PUB $JS.ACK.a _INBOX.1 7\r\n-NAK {}\r\n');
  });
});
