import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AddedHookView, type BuildView, type HookDeliveryView } from '@slipway/contracts';
import { temporaryDirectory, until } from '@slipway/testing';
import type { RunningSystem } from '../../tools/launcher/system/start-system.js';
import { startTestSystem } from './lib/cluster.js';
import { connectApi, type Api } from './lib/api.js';

const LIMIT_MS = 60_000;
const HOOKS = '/v1/namespaces/e2e/hooks';

describe('a hook', () => {
  const state = temporaryDirectory();
  const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  let system: RunningSystem;
  let api: Api;
  let receiver: Server;
  let url: string;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.end('thanks');
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/slipway`;
    system = await startTestSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 1 });
    api = connectApi(system.urls.api, system.adminToken);
  }, LIMIT_MS);
  afterAll(async () => {
    await system.stop();
    receiver.close();
    receiver.closeAllConnections();
    state.remove();
  }, LIMIT_MS);

  const posted = (path: string, body?: object) =>
    api.call(path, { method: 'POST', ...(body ? { body: JSON.stringify(body) } : { headers: api.authorization }) });

  it(
    'is told that a build succeeded, and once more on demand',
    async () => {
      await api.createRepository('e2e/told', { cloneUrl: 'https://code.example/told.git' });
      const added = await posted(HOOKS, { url, events: ['build.succeeded'] });
      expect(added.status).toBe(201);
      const { id, secret } = AddedHookView.parse(added.body);
      const { build_id } = await api.requestBuild('e2e/told');
      await api.ended(build_id);

      const { headers, body } = await until(() => received[0], { limitMs: LIMIT_MS });
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      expect(headers['x-slipway-signature-256']).toBe(signature);
      const event = JSON.parse(body) as { id: string; type: string; data: BuildView };
      expect(event).toMatchObject({ type: 'io.slipway.build.succeeded', data: { build_id, status: 'S' } });
      expect({ ...event.data, queue: null }).toEqual(await api.build(build_id));

      const deliveries = `${HOOKS}/${id}/deliveries`;
      const delivered = await until(async () => {
        const { results } = (await api.call(deliveries)).body as { results: readonly HookDeliveryView[] };
        return results.find(({ status }) => status === 'delivered');
      });
      expect(delivered).toMatchObject({
        id: event.id,
        build_id,
        attempts: 1,
        response_status: 200,
        response_body: 'thanks',
      });
      expect((await posted(`${deliveries}/${event.id}/replay`)).status).toBe(202);
      await until(() => received.length === 2);
      expect(received[1]?.body).toBe(body);
    },
    LIMIT_MS,
  );
});
