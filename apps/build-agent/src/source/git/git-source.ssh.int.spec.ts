import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { egressTo, parsePrivateHosts } from '@slipway/egress';
import type { DeployKey } from '@slipway/git';
import {
  makeSshKey,
  startGitServer,
  startSshGitServer,
  temporaryDirectory,
  until,
  type GitRepository,
  type GitServer,
  type SshGitServer,
} from '@slipway/testing';
import { fetches } from './git-source.fixtures.js';

describe('git source over ssh', () => {
  const { fetch, path } = fetches();
  const root = temporaryDirectory();
  const known = makeSshKey();
  let web: GitServer; // shows nothing to whoever has no password
  let ssh: SshGitServer;
  let code: GitRepository;
  let url: string;

  beforeAll(async () => {
    const auth = { username: 'ada', password: 'only ada knows' };
    web = await startGitServer({ root: root.path, auth });
    ssh = await startSshGitServer({ root: root.path, authorizedKeys: () => [known.publicKey] });
    code = await web.createRepository('n/r', { a: '1' });
    url = `${ssh.url}/n/r.git`;
  });
  afterAll(async () => {
    await Promise.all([web.stop(), ssh.stop()]);
    root.remove();
  });

  const keyOf = (change: Partial<DeployKey> = {}): DeployKey => ({
    publicKey: known.publicKey,
    privateKey: Buffer.from(known.privateKey), // a copy: it is wiped
    hostKeys: [ssh.hostKey],
    ...change,
  });
  const giving = (key: DeployKey) => ({ deployKey: () => Promise.resolve(key) });

  it('fetches with the deploy key from a host whose key is pinned', async () => {
    const hosts: string[] = [];
    const deployKey = (host: string): Promise<DeployKey> => {
      hosts.push(host);
      return Promise.resolve(keyOf());
    };
    const fetched = await fetch({ cloneUrl: url, deployKey });
    expect(fetched.commit).toBe(code.head);
    expect(await readFile(fetched.at('a'), 'utf8')).toBe('1');
    expect(hosts).toEqual([`127.0.0.1:${ssh.port}`]);
  });

  it('reaches the host at the address that was judged, and knows its key by name and port', async () => {
    const privateHosts = parsePrivateHosts('git.example');
    const egress = egressTo({ privateHosts, resolve: () => Promise.resolve(['127.0.0.1']) });
    const cloneUrl = url.replace('127.0.0.1', 'git.example');
    expect((await fetch({ cloneUrl, ...giving(keyOf()) }, { egress })).commit).toBe(code.head);
    const changed = fetch({ cloneUrl, ...giving(keyOf({ hostKeys: [bareKey()] })) }, { egress });
    await expect(changed).rejects.toMatchObject({ code: 'SOURCE_HOST_KEY_CHANGED' });
  });

  it('says nothing to a host inside, and asks for no deploy key', async () => {
    const asked = ssh.commands.length;
    const deployKey = (): Promise<DeployKey> => Promise.reject(new Error('nobody should ask'));
    const inside = fetch({ cloneUrl: url, deployKey }, { egress: egressTo() });
    await expect(inside).rejects.toMatchObject({ code: 'SOURCE_ADDRESS_REFUSED' });
    expect(ssh.commands).toHaveLength(asked);
  });

  it('tries https first, says so, and takes ssh when the code is hidden', async () => {
    const fetched = await fetch({ cloneUrl: code.cloneUrl, keyCloneUrl: url, ...giving(keyOf()) });
    expect(fetched.commit).toBe(code.head);
    expect(fetched.lines).toContainEqual(
      expect.stringMatching(/^The code repository http:.* may not be read .* Trying ssh:.* with the deploy key\.$/),
    );
  });

  it('does not ask for the deploy key when https will do', async () => {
    const open = await startGitServer();
    const { cloneUrl, head } = await open.createRepository('open', { a: '1' });
    const deployKey = (): Promise<DeployKey> => Promise.reject(new Error('nobody should ask'));
    expect((await fetch({ cloneUrl, keyCloneUrl: url, deployKey })).commit).toBe(head);
    await open.stop();
  });

  it.each([
    ['SOURCE_HOST_KEY_UNKNOWN', 'no key of the host is pinned', () => keyOf({ hostKeys: [] })],
    ['SOURCE_HOST_KEY_CHANGED', 'the host shows another key', () => keyOf({ hostKeys: [bareKey()] })],
    ['SOURCE_ACCESS_DENIED', 'the host does not know the deploy key', () => ({ ...keyOf(), ...makeSshKey() })],
  ])('fails with %s when %s', async (expected, _, key) => {
    const asked = ssh.commands.length;
    await expect(fetch({ cloneUrl: url, ...giving(key()) })).rejects.toMatchObject({ code: expected });
    expect(ssh.commands).toHaveLength(asked);
  });

  it('fails with SOURCE_REPOSITORY_NOT_FOUND when the host has no such repository', () =>
    expect(fetch({ cloneUrl: `${ssh.url}/n/none.git`, ...giving(keyOf()) })).rejects.toMatchObject({
      code: 'SOURCE_REPOSITORY_NOT_FOUND',
    }));

  it('has the private key in no file, log line, variable or command line, and wipes it', async () => {
    const key = keyOf();
    const seen: string[] = [];
    let wasThere = false;
    const onLine = async (line: string): Promise<void> => {
      seen.push(line, ...(await textsBelow(path)), ...(await visibleOf(await sshAgents())));
      wasThere ||= (await sshAgents()).length > 0;
    };
    await fetch({ cloneUrl: url, ...giving(key) }, { onLine });
    expect(wasThere).toBe(true);
    const [, ...body] = known.privateKey.toString().trim().split('\n').slice(0, -1);
    for (const secret of body.slice(2)) expect(seen.join('\n')).not.toContain(secret); // the first two hold the public half
    expect(seen.join('\n')).toContain(known.publicKey);
    expect(key.privateKey.every((byte) => byte === 0)).toBe(true);
    await until(async () => (await sshAgents()).length === 0);
  });

  it('ends its ssh-agent also when the fetch is given up', async () => {
    const abort = new AbortController();
    const onLine = (): Promise<void> => {
      abort.abort(new Error('cancelled by test'));
      return Promise.resolve();
    };
    const fetching = fetch({ cloneUrl: url, ...giving(keyOf()) }, { signal: abort.signal, onLine });
    await expect(fetching).rejects.toThrow('cancelled by test');
    expect(await sshAgents()).toEqual([]);
    expect((await readdir(path, { recursive: true })).filter((name) => name.includes('/ssh-'))).toEqual([]);
  });

  const bareKey = (): string => makeSshKey().publicKey.split(' ').slice(0, 2).join(' ');

  /** Ids of the ssh-agents of sessions below the folder. */
  async function sshAgents(): Promise<readonly string[]> {
    const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const isOurs = async (id: string): Promise<boolean> => {
      const [command = '', environment = ''] = await visibleOf([id]);
      return command.startsWith('ssh-agent') && environment.includes(`HOME=${path}`);
    };
    const ours = await Promise.all(ids.map(isOurs));
    return ids.filter((_, index) => ours[index]);
  }
});

/** What other processes of the user see of these: command lines and environments. */
async function visibleOf(ids: readonly string[]): Promise<readonly string[]> {
  const files = ids.flatMap((id) => [`/proc/${id}/cmdline`, `/proc/${id}/environ`]);
  return Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
}

async function textsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
}
