import { mkdtemp, readdir, readlink } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { egressTo, parsePrivateHosts } from '@slipway/egress';
import { temporaryDirectory } from '@slipway/testing';
import type { SourceContext, SourceRequest } from '../source.js';
import { gitSource, type GitSourceOptions } from './git-source.js';

/** Where the servers of tests are. */
const egress = egressTo({ privateHosts: parsePrivateHosts('127.0.0.0/8,::1') });

/** Fetches into fresh workspaces below one folder; the usual one goes with the process. */
export function fetches({ path } = temporaryDirectory() as { readonly path: string }) {
  return {
    path,
    fetch: async (
      request: Partial<SourceRequest> & Pick<SourceRequest, 'cloneUrl'>,
      options: Partial<GitSourceOptions> & {
        readonly signal?: AbortSignal;
        readonly onLine?: SourceContext['onLine'];
      } = {},
    ) => {
      const workspace = await mkdtemp(join(path, 'w-'));
      const { signal = AbortSignal.timeout(60_000), onLine, ...limits } = options;
      const lines: string[] = [];
      const fetched = await gitSource({ egress, ...limits }).fetch(
        { ref: { type: 'branch', name: 'main' }, commit: undefined, ...request },
        { workspace, signal, onLine: onLine ?? ((line) => void lines.push(line)) },
      );
      return { ...fetched, lines, at: (file: string) => join(fetched.directory, file) };
    },
    /** Ids of processes that work below the folder. */
    processes: async (): Promise<readonly string[]> => {
      const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const inside = await Promise.all(
        ids.map((id) =>
          readlink(`/proc/${id}/cwd`).then(
            (cwd) => cwd.startsWith(path),
            () => false,
          ),
        ),
      );
      return ids.filter((_, index) => inside[index]);
    },
  };
}

/** An HTTP server that does one thing. */
export async function startHttp(listener: RequestListener): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
