import { startHealthServer, type HealthServer, type ReadinessChecks } from './health.js';
import { declareMetrics } from './telemetry/metrics.js';
import { VERSION } from './version.js';

const servers: HealthServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

const textAt = async (path: string, checks: ReadinessChecks = {}): Promise<string> => {
  const server = await startHealthServer({ port: 0, checks });
  servers.push(server);
  return (await fetch(`http://127.0.0.1:${server.port}${path}`)).text();
};

async function ask(path: string, checks: ReadinessChecks): Promise<[number, unknown]> {
  const server = await startHealthServer({ port: 0, checks });
  servers.push(server);
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return [response.status, await response.json()];
}

describe('health', () => {
  it('says that the process runs, whatever its dependencies do', async () => {
    expect(await ask('/healthz', { nats: () => 'away' })).toEqual([200, { status: 'ok' }]);
  });

  it('is ready when every check passes', async () => {
    expect(await ask('/readyz', { nats: () => undefined })).toEqual([200, { status: 'ok', checks: { nats: 'ok' } }]);
  });

  it('is unavailable with the reasons, also of a check that throws or never answers', async () => {
    const checks = {
      nats: () => 'away',
      file: () => Promise.reject(new Error('refused')),
      'event-store': () => new Promise<undefined>(() => {}),
      'read-model': () => undefined,
    };
    expect(await ask('/readyz', checks)).toEqual([
      503,
      {
        status: 'unavailable',
        checks: { nats: 'away', file: 'refused', 'event-store': 'no answer within 2000 ms', 'read-model': 'ok' },
      },
    ]);
  });

  it('shows the metrics of the process', async () => {
    declareMetrics('notifier');
    const text = await textAt('/metrics');
    expect(text).toContain(`slipway_service_info{service="notifier",version="${VERSION}"} 1`);
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('shows which dependencies are well, also when one never answers', async () => {
    declareMetrics('notifier');
    const text = await textAt('/metrics', {
      nats: () => 'away',
      'event-store': () => new Promise<undefined>(() => {}),
      'read-model': () => undefined,
    });
    const shown = [...text.matchAll(/^slipway_dependency_up\{dependency="(.*)"\} (.*)$/gm)];
    expect(shown.map(([, dependency, value]) => [dependency, value])).toEqual([
      ['nats', '0'],
      ['event-store', '0'],
      ['read-model', '1'],
    ]);
  });

  it('knows nothing else', async () => expect((await ask('/nothing', {}))[0]).toBe(404));
});
