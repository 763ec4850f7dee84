import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startTraceCollector, until } from '@slipway/testing';

const fixture = fileURLToPath(new URL('start-tracing.fixture.ts', import.meta.url));
const hook = new URL('../../../../tools/ts-hook.mjs', import.meta.url).href;
const LIMIT_MS = 60_000;
const JSON_PROTOCOL = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };

/** Runs the fixture until it is ready and `whenReady` is over, and stops it. */
async function run(env: NodeJS.ProcessEnv, whenReady: () => Promise<unknown> = async () => {}) {
  const child = spawn(process.execPath, ['--import', hook, fixture], {
    env: { PATH: process.env['PATH'], ...env },
    timeout: LIMIT_MS,
  });
  let output = '';
  let stoppedAtMs = 0;
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = until(() => output.includes('service ready') || child.exitCode !== null, { limitMs: LIMIT_MS });
  await ready.then(whenReady);
  stoppedAtMs = performance.now();
  child.kill('SIGTERM');
  const code = await closed;
  return { code, output, stopMs: performance.now() - stoppedAtMs };
}

describe('tracing', () => {
  it.each([
    ['without an endpoint', {}],
    ['with an empty one', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
    ['when it is disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }],
  ])(
    'loads the API and nothing of the SDK %s',
    async (_, env) => {
      const { code, output } = await run(env);
      expect(output).toMatch(/loaded: [1-9]\d* false/);
      expect(output).not.toContain('trace_id');
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])(
    'does not start with a %s that is no URL',
    async (variable) => {
      const { code, output } = await run({ [variable]: 'collector:4318' });
      expect(output).toContain(`${variable}: `);
      expect(code).toBe(78);
    },
    LIMIT_MS,
  );

  it(
    'sends what was done before the stop, under the name of the service',
    async () => {
      const collector = await startTraceCollector();
      const { code, output } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...JSON_PROTOCOL });
      const [span, ...others] = collector.spans();
      await collector.stop();
      expect(output).toMatch(/loaded: [1-9]\d* true/);
      expect(others).toEqual([]);
      expect(span).toMatchObject({
        service: 'slipway-notifier',
        name: 'work',
        parentSpanId: undefined,
        attributes: { 'slipway.build_id': '0' },
      });
      expect(output).toContain(`"trace_id":"${span?.traceId}"`);
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'holds nothing up when the collector hangs, and keeps no more spans than its queue has room for',
    async () => {
      const collector = await startTraceCollector({ hangs: true });
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50', SPANS_MADE: '20000' };
      const { code, output, stopMs } = await run({ ...env, ...JSON_PROTOCOL }, () =>
        until(() => collector.requests() > 0, { limitMs: LIMIT_MS, what: 'a request to the collector' }),
      );
      await collector.stop();
      expect(output).toContain('the last spans are lost');
      expect(code).toBe(0);
      expect(stopMs).toBeLessThan(6_000);
    },
    LIMIT_MS,
  );

  it(
    'says that a collector is away, once and not for every batch',
    async () => {
      const collector = await startTraceCollector();
      await collector.stop();
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, SPANS_MADE: '3000' };
      const { code, output } = await run({ ...env, ...JSON_PROTOCOL, OTEL_EXPORTER_OTLP_TIMEOUT: '500' });
      expect(output.match(/spans are not sent|the last spans are lost/g)?.length).toBeGreaterThan(0);
      expect(output.match(/"spans are not sent"/g)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );
});
