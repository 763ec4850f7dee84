import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentView } from '@slipway/contracts';
import {
  startTraceCollector,
  temporaryDirectory,
  until,
  type CollectedSpan,
  type TraceCollector,
} from '@slipway/testing';
import { z } from 'zod';
import { startSystem } from '../../tools/launcher/system/start-system.js';
import { connectApi } from './lib/api.js';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 180_000;
/** A caller of ours that traces, too. */
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const ERROR = 2;
/** More jobs than are offered to two agents of two slots each: the next one waits in the orchestrator alone. */
const MORE_THAN_OFFERED = 6;
let house: House;
let collector: TraceCollector;

beforeAll(async () => {
  collector = await startTraceCollector();
  const traced = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  house = await openHouse({ env: { '*': traced } });
}, LIMIT_MS);
afterAll(async () => {
  await house.stop();
  await collector.stop();
}, LIMIT_MS);

const requestBuild = async (path: string, traceparent?: string): Promise<string> => {
  const [namespace, repo_name] = path.split('/');
  const headers = {
    ...house.api.authorization,
    'content-type': 'application/json',
    ...(traceparent && { traceparent }),
  };
  const body = JSON.stringify({ namespace, repo_name, tag: 'latest' });
  const { status, body: answer } = await house.api.call('/v1/builds', { method: 'POST', headers, body });
  expect(status).toBe(201);
  return (answer as { build_id: string }).build_id;
};

/** All of a trace, once these have come: each service sends its spans when it likes. */
async function spansOf(
  traceId: string,
  ...awaited: readonly ((span: CollectedSpan) => boolean)[]
): Promise<readonly CollectedSpan[]> {
  const ours = (): readonly CollectedSpan[] => collector.spans().filter((span) => span.traceId === traceId);
  await until(() => awaited.every((isIt) => ours().some(isIt)), { limitMs: LIMIT_MS, what: 'the spans of the trace' });
  return ours();
}

/** The names of a span and of all above it, innermost first. */
function chainOf(span: CollectedSpan | undefined, spans: readonly CollectedSpan[]): readonly string[] {
  if (!span) return [];
  const above = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [`${span.service.replace('slipway-', '')}: ${span.name}`, ...chainOf(above, spans)];
}

const isJobOf = (buildId: string) => (span: CollectedSpan) =>
  isJob(span) && span.attributes['slipway.build_id'] === buildId;

/** Of a build that no caller gave a trace. */
const traceOf = (buildId: string): Promise<string> =>
  until(() => collector.spans().find(isJobOf(buildId))?.traceId, { limitMs: LIMIT_MS, what: 'the job of the build' });

const appends = (type: string) => (span: CollectedSpan) =>
  span.name === 'append' && (span.attributes['slipway.events'] as readonly string[]).includes(type);
const agentsNow = async (): Promise<readonly AgentView[]> =>
  z.array(AgentView).parse(((await house.api.call('/v1/agents')).body as { results: unknown }).results);
const isRequest = ({ name }: CollectedSpan): boolean => name === 'POST /v1/builds';
const isJob = ({ name }: CollectedSpan): boolean => name === 'job';

describe('a build', () => {
  it(
    'is one trace, from the request of the API through every service to its end',
    async () => {
      const path = `demo/${house.freshName('traced')}`;
      const Dockerfile = `FROM ${BASE}\nRUN echo ${path}\n`;
      const { cloneUrl } = await house.git.createRepository('traced', { Dockerfile });
      await house.api.createRepository(path, { cloneUrl });
      const buildId = await requestBuild(path, `00-${TRACE_ID}-${CALLER}-01`);
      expect(await house.api.ended(buildId)).toMatchObject({ status: 'S' });

      const spans = await spansOf(TRACE_ID, isJob, isRequest, appends('BuildSucceeded'), appends('TagsMoved'));
      const chain = (isIt: (span: CollectedSpan) => boolean) => chainOf(spans.find(isIt), spans);
      const named = (wanted: string) => chain(({ name }) => name === wanted);
      const requested = [
        'build-orchestrator: append',
        'build-orchestrator: cmd.build.request',
        'gateway: ask cmd.build.request',
        'gateway: POST /v1/builds',
      ];
      const job = ['build-agent: job', 'build-orchestrator: queued', ...requested];
      const attempt = ['build-agent: attempt', ...job];
      expect(chain(appends('BuildRequested'))).toEqual(requested);
      expect(chain(appends('AttemptLeased'))).toEqual([
        'build-orchestrator: append',
        'build-orchestrator: cmd.build.claim',
        'build-agent: ask cmd.build.claim',
        ...job,
      ]);
      expect(named('cloning')).toEqual(['build-agent: cloning', ...attempt]);
      expect(named('building')).toEqual(['build-agent: building', ...attempt]);
      expect(named('pushing')).toEqual(['build-agent: pushing', ...attempt]);
      expect(chain(appends('ImagePushed'))).toEqual([
        'build-orchestrator: append',
        'build-orchestrator: cmd.build.publish',
        'build-agent: ask cmd.build.publish',
        'build-agent: pushing',
        ...attempt,
      ]);
      expect(chain(appends('BuildSucceeded'))).toEqual([
        'build-orchestrator: append',
        'build-orchestrator: report',
        'build-agent: final report',
        ...job,
      ]);
      expect(spans.find(isRequest)).toMatchObject({
        parentSpanId: CALLER,
        attributes: { 'slipway.build_id': buildId, 'http.route': '/v1/builds', 'http.response.status_code': 201 },
      });
      expect(spans.find(({ name }) => name === 'building')?.attributes).toEqual({
        'slipway.build_id': buildId,
        'slipway.attempt': 1,
        'slipway.repository': path,
      });
      expect(spans.filter(({ status }) => status.code === ERROR)).toEqual([]);
      expect(spans.find(({ name }) => name === 'cloning')?.attributes).toMatchObject({ 'slipway.clone_url': cloneUrl });
      expect(collector.payloads()).not.toContain(house.system.adminToken);
      expect(spans.filter(({ name }) => name.includes('renew'))).toEqual([]); // they would bury the rest
    },
    LIMIT_MS,
  );

  it(
    'has the attempt that failed, and why, in its trace',
    async () => {
      const path = `demo/${house.freshName('traced-failing')}`;
      const Dockerfile = `FROM ${BASE}\nRUN echo ${path} && echo hidden-words && false\n`;
      const { cloneUrl } = await house.git.createRepository('traced-failing', { Dockerfile });
      await house.api.createRepository(path, { cloneUrl });
      const buildId = await requestBuild(path);
      expect(await house.api.ended(buildId)).toMatchObject({ status: 'F' });
      const spans = await spansOf(await traceOf(buildId), isJob, appends('BuildFailed'));
      expect(spans.filter(({ name }) => name === 'attempt' || name === 'building')).toMatchObject([
        { attributes: { 'error.type': 'DOCKERFILE_STEP_FAILED' }, status: { code: ERROR } },
        { attributes: { 'error.type': 'DOCKERFILE_STEP_FAILED' }, status: { code: ERROR } },
      ]);
      expect(collector.payloads()).not.toContain('hidden-words');
    },
    LIMIT_MS,
  );

  it(
    'stays one trace when the orchestrator that has its job to offer is killed',
    async () => {
      const path = `demo/${house.freshName('traced-late')}`;
      const { cloneUrl } = await house.git.createRepository('traced-late', { Dockerfile: `FROM ${BASE}\n` });
      await house.api.createRepository(path, { cloneUrl });
      const agents = house.system.services.filter((name) => name.startsWith('build-agent'));
      await Promise.all(agents.map((name) => house.system.kill(name)));
      await until(async () => (await agentsNow()).every(({ state }) => state === 'lost'), { limitMs: LIMIT_MS });
      const traceId = TRACE_ID.replace('0af7', '1bf7');
      for (let index = 0; index < MORE_THAN_OFFERED; index++) await requestBuild(path);
      const buildId = await requestBuild(path, `00-${traceId}-${CALLER}-01`);
      await house.system.kill('build-orchestrator');
      await house.system.restart('build-orchestrator');
      await Promise.all(agents.map((name) => house.system.restart(name)));
      expect(await house.api.ended(buildId)).toMatchObject({ status: 'S' });
      const spans = await spansOf(traceId, isJobOf(buildId), appends('BuildSucceeded'));
      const push = spans.find(({ name }) => name === 'pushing');
      expect(chainOf(push, spans)).toEqual(expect.arrayContaining(['build-agent: job', 'build-orchestrator: queued']));
    },
    LIMIT_MS,
  );

  it('is found in the logs of the services by the id of its trace', () => {
    const logs = ['build-orchestrator', 'build-agent-1', 'build-agent-2'].map((name) =>
      readFileSync(join(house.system.stateDir, 'log', `${name}.log`), 'utf8'),
    );
    expect(logs.join('')).toContain(`"trace_id":"${TRACE_ID}"`);
  });
});

describe('a collector that hangs', () => {
  it(
    'holds up neither builds nor the stop',
    async () => {
      const hanging = await startTraceCollector({ hangs: true });
      const state = temporaryDirectory();
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: hanging.url, OTEL_BSP_SCHEDULE_DELAY: '100' };
      const system = await startSystem({ stateDir: state.path, builder: 'dummy', agents: 1, env: { '*': env } });
      try {
        const api = connectApi(system.urls.api, system.adminToken);
        await api.createRepository('e2e/hanging', { cloneUrl: 'http://127.0.0.1/not-fetched.git' });
        const { build_id } = await api.requestBuild('e2e/hanging');
        expect(await api.ended(build_id)).toMatchObject({ status: 'S' });
        await until(() => hanging.requests() >= 3, {
          limitMs: LIMIT_MS,
          what: 'gateway, orchestrator and agent to send',
        });
        const stopping = performance.now();
        await system.stop();
        expect(performance.now() - stopping).toBeLessThan(25_000); // seven, one after the other, each two seconds at most
      } finally {
        await system.stop();
        await hanging.stop();
        state.remove();
      }
    },
    LIMIT_MS,
  );
});
