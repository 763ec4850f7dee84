import { egressTo, type Resolve } from './egress.js';
import { parsePrivateHosts } from './private-hosts.js';

const answers =
  (...addresses: readonly string[]): Resolve =>
  () =>
    Promise.resolve(addresses);
const reach = (host: string, list = '', resolve: Resolve = answers('192.0.2.1')) =>
  egressTo({ privateHosts: parsePrivateHosts(list), resolve }).addressOf(host);
const refused = { code: 'ADDRESS_REFUSED' };

describe('the way out', () => {
  it.each([
    ['this machine', ['127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '0.1.2.3', '::']],
    ['private networks', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1']],
    ['the metadata of clouds', ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16']],
    ['the link', ['169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'fec0::1']],
    ['carriers', ['100.64.0.1', '100.127.255.255']],
    ['many at once', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
    ['nobody', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '240.0.0.1', '2001:db8::1', '100::1']],
    ['IPv4 in IPv6', ['::ffff:127.0.0.1', '::ffff:a00:1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1']],
    ['tunnels', ['2002:7f00:1::', '2002:808:808::', '2001:0:7f00:1::', '::ffff:0:127.0.0.1']],
    ['other spellings', ['2130706433', '0x7f.1', '0177.0.0.1', '127.1', '10.0.0.010']],
  ])('refuses addresses of %s, named or resolved', async (_, addresses) => {
    for (const address of addresses) {
      await expect(reach('host.example', '', answers(address))).rejects.toMatchObject(refused);
      await expect(reach(address, '', answers(address))).rejects.toMatchObject(refused);
    }
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    'lets %s through',
    async (address) => {
      expect(await reach('host.example', '', answers(address))).toBe(address);
      expect(await reach(address)).toBe(address);
    },
  );

  it('takes the first of several addresses, unless one of them is refused', async () => {
    expect(await reach('a.example', '', answers('8.8.4.4', '8.8.8.8'))).toBe('8.8.4.4');
    await expect(reach('a.example', '', answers('8.8.8.8', '10.0.0.1'))).rejects.toMatchObject(refused);
    await expect(reach('a.example', '', answers('10.0.0.1', '8.8.8.8'))).rejects.toMatchObject(refused);
  });

  it('judges every answer anew: a name that was public may lead inside now', async () => {
    const rebinding = [['8.8.8.8'], ['127.0.0.1']];
    const egress = egressTo({ resolve: () => Promise.resolve(rebinding.shift() ?? []) });
    expect(await egress.addressOf('evil.example')).toBe('8.8.8.8');
    await expect(egress.addressOf('evil.example')).rejects.toMatchObject(refused);
  });

  it('asks no resolver about an address, and takes off brackets', async () => {
    const never: Resolve = () => Promise.reject(new Error('asked'));
    expect(await reach('[2606:4700::1111]', '', never)).toBe('2606:4700::1111');
    await expect(reach('[::1]', '', never)).rejects.toMatchObject(refused);
  });

  it('lets private places through that are listed by name, address or range', async () => {
    const inside = answers('10.1.2.3');
    expect(await reach('Git.Intern.', ' git.intern, 192.168.0.0/16', inside)).toBe('10.1.2.3');
    expect(await reach('any.example', '10.1.0.0/16', inside)).toBe('10.1.2.3');
    expect(await reach('any.example', '10.1.2.3', inside)).toBe('10.1.2.3');
    expect(await reach('[::1]', '::1')).toBe('::1');
    expect(await reach('[::ffff:127.0.0.1]', '127.0.0.0/8')).toBe('::ffff:127.0.0.1');
    await expect(reach('other.intern', 'git.intern,10.2.0.0/16,10.1.2.4', inside)).rejects.toMatchObject(refused);
    await expect(reach('git.intern.evil.example', 'git.intern', inside)).rejects.toMatchObject(refused);
  });

  it.each(['10.0.0.0/33', 'a b', '-x', '*.intern', 'http://git.intern', '127.1'])('takes no list with %s', (entry) =>
    expect(() => parsePrivateHosts(`git.intern,${entry}`)).toThrow(entry),
  );
});
