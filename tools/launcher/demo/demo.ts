import { join } from 'node:path';
import type { TagConfigBody } from '@slipway/client';
import type { BuildView } from '@slipway/contracts';
import { type GitRepository, startGitServer } from '@slipway/testing';
import Docker from 'dockerode';
import type { CheckoutPaths } from '../paths.js';
import { Problem } from '../problem.js';
import { deleteFromEngine } from '../process/engine-thing.js';
import { parseDockerHost } from '../setup/docker-host.js';
import { type Api, openApi } from './api.js';
import { provideBaseImage } from './base-image.js';
import { followBuild } from './follow-build.js';
import { cachedSteps, describeFailure, printTable, stepRows, summaryRows } from './report.js';
import { runImage } from './run-image.js';
import { sampleFiles } from './sample.js';
import { type Screen, chapter, harmless } from './screen.js';
import type { DemoSystem } from './system.js';

export interface Demo {
  readonly paths: CheckoutPaths;
  readonly screen: Screen;
  readonly system: DemoSystem;
  /** Where busybox-static is, once it is there. */
  readonly busybox: Promise<string | undefined>;
  readonly signal: AbortSignal;
}

const NAMESPACE = 'demo';
const TAG = 'latest';

/**
 * Git repository to running image, then the same again from the cache. Removes what it makes, whatever happens.
 * @returns both builds
 */
export async function runDemo(demo: Demo): Promise<readonly BuildView[]> {
  const { screen, system, signal } = demo;
  const run = Date.now().toString(36); // tells demos apart
  await using made = new AsyncDisposableStack();
  const leave = (path: string): void => {
    system.leave({ kind: 'engine-thing', dockerHost: system.dockerHost, path });
    made.defer(() => deleteFromEngine(system.dockerHost, path));
  };
  const docker = new Docker(parseDockerHost(system.dockerHost));
  const api = openApi({ url: system.api, token: system.token, signal });

  const { cloneUrl } = await makeSource(demo, { docker, run, leave, made });
  const repoName = `hello-${run}`;
  await createRepository(screen, api, { repoName, cloneUrl });

  chapter(screen, 'The first build');
  const first = await build(screen, api, repoName);
  chapter(screen, 'The image');
  await showImage(demo, { docker, leave, build: first });
  chapter(screen, 'The second build, of the same commit', 'what has not changed comes from the cache');
  const second = await build(screen, api, repoName);

  chapter(screen, 'Both builds');
  printTable(screen, ['first', 'second'], [...summaryRows([first, second]), ...stepRows([first, second])]);
  return [first, second];
}

interface SourceOptions {
  readonly docker: Docker;
  readonly run: string;
  readonly leave: (path: string) => void;
  readonly made: AsyncDisposableStack;
}

async function makeSource(
  { paths, screen, system, busybox, signal }: Demo,
  { docker, run, leave, made }: SourceOptions,
): Promise<GitRepository> {
  chapter(screen, 'A git repository', 'a web server with a Dockerfile of two stages and a .dockerignore');
  const image = { repo: 'slipway-demo/busybox', tag: run };
  const leaveImage = (name: string) => leave(`/images/${name}`);
  const origin = await provideBaseImage(docker, { image, busybox, leave: leaveImage, signal });
  const root = join(paths.run, `demo-${run}`);
  system.leave({ kind: 'path', path: root });
  const server = await startGitServer({ root });
  made.defer(() => server.stop());
  const files = sampleFiles(`${image.repo}:${image.tag}`, new Date().toISOString());
  const repository = await server.createRepository('hello', files);
  screen.line(`  ${repository.cloneUrl} ${screen.paint('dim', `main is ${repository.head.slice(0, 12)}`)}`);
  screen.line(screen.paint('dim', `  base image: ${origin}`));
  return repository;
}

async function createRepository(
  screen: Screen,
  api: Api,
  { repoName, cloneUrl }: { readonly repoName: string; readonly cloneUrl: string },
): Promise<void> {
  chapter(screen, 'An image repository', `branch main becomes ${NAMESPACE}/${repoName}:${TAG}`);
  const tagConfig: TagConfigBody = {
    code_repo_type: 'branch',
    code_repo_type_value: 'main',
    docker_repo_tag: TAG,
    version_tagging: 1,
  };
  request(screen, 'POST', `/v1/repositories/${NAMESPACE}`);
  await api.createRepository(NAMESPACE, {
    repo_name: repoName,
    description: 'A web server of two pages, made by npm run demo',
    is_public: true,
    build_config: { code_repo_client: 'Simple', code_repo_clone_url: cloneUrl, tag_configs: [tagConfig] },
  });
}

/** @throws Problem when the build does not succeed */
async function build(screen: Screen, api: Api, repoName: string): Promise<BuildView> {
  const body = { namespace: NAMESPACE, repo_name: repoName, tag: TAG };
  request(screen, 'POST', `/v1/builds ${JSON.stringify(body)}`);
  const { build_id: buildId } = await api.requestBuild(body);
  request(screen, 'GET', `/v1/builds/${buildId}/logs/stream`);
  await followBuild(api, buildId, screen);
  const ended = await api.build(buildId);
  if (ended.status !== 'S') throw new Problem(describeFailure(ended));
  const cached = `${cachedSteps(ended)} steps from the cache`;
  screen.line(`  ${screen.paint(['bold', 'green'], '✔ succeeded')} on ${ended.agent}, ${cached}`);
  return ended;
}

interface ImageOptions {
  readonly docker: Docker;
  readonly leave: (path: string) => void;
  readonly build: BuildView;
}

async function showImage({ screen, system, signal }: Demo, { docker, leave, build }: ImageOptions): Promise<void> {
  const { host, username, password } = new URL(system.registry);
  const reference = `${host}/${build.docker_repo_path}:${TAG}`;
  const name = `slipway-demo-${build.build_id}`;
  const digest = build.digest ?? '';
  leave(`/images/${reference}`);
  leave(`/containers/${name}?force=true`);
  const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const authconfig = { ...credentials, serveraddress: host };
  const answer = await runImage(docker, { reference, name, digest, signal, ...(username ? { authconfig } : {}) });
  screen.line(`  pulled ${reference}`);
  screen.line(screen.paint('dim', `  ${digest}: the digest that the build reported`));
  screen.line(`  ran it and asked ${answer.url}: ${screen.paint(['bold', 'green'], answer.status)}`);
  for (const line of answer.body.split('\n')) screen.line(`  ${screen.paint('dim', '│')} ${harmless(line)}`);
}

const request = (screen: Screen, method: string, path: string): void =>
  screen.line(`  ${screen.paint('magenta', method)} ${path}`);
