import { egressTo } from '@slipway/egress';
import { Secret } from '@slipway/platform';
import { registryLogins } from './registry-logins.js';

const login = (username: string) => ({ username, password: new Secret(`password of ${username}`) });
const addresses: Readonly<Record<string, string>> = {
  'inside.example': '10.0.0.1',
  'metadata.example': '169.254.169.254',
};
const egress = egressTo({ resolve: (host) => Promise.resolve([addresses[host] ?? '8.8.8.8']) });

const loginsWith = async (...hosts: readonly string[]) => {
  const refused: string[] = [];
  const system = new Map([['127.0.0.1:5000', login('slipway')]]);
  const registries = new Map(hosts.map((host) => [host, login('robot')]));
  const logins = await registryLogins({ system, registries, egress }, (host) =>
    Promise.resolve(void refused.push(host)),
  );
  return { refused, logins: [...logins].map(([host, { username }]) => [host, username]) };
};

describe('the registry logins of a build', () => {
  it("are those of its namespace beside the system's own", async () =>
    expect(await loginsWith('registry.example:5000', 'docker.io')).toEqual({
      refused: [],
      logins: [
        ['127.0.0.1:5000', 'slipway'],
        ['registry.example:5000', 'robot'],
        ['docker.io', 'robot'],
      ],
    }));

  it('leave out hosts with a private address', async () =>
    expect(await loginsWith('inside.example:5000', 'metadata.example', '[::1]:5000', '127.0.0.1')).toEqual({
      refused: ['inside.example:5000', 'metadata.example', '[::1]:5000', '127.0.0.1'],
      logins: [['127.0.0.1:5000', 'slipway']],
    }));

  it("do not let a namespace take the place of the system's own", async () =>
    expect((await loginsWith('127.0.0.1:5000')).logins).toEqual([['127.0.0.1:5000', 'slipway']]));
});
