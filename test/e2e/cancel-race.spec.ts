import { setTimeout as pause } from 'node:timers/promises';
import { temporaryDirectory, type TemporaryDirectory } from '@slipway/testing';
import { startSystem, type RunningSystem } from '../../tools/launcher/system/start-system.js';
import { connectApi, type Api } from './lib/api.js';

const LIMIT_MS = 180_000;
const ROUNDS = 120;
/** Builds at once: as many as there are slots, and more, so that some wait. */
const AT_ONCE = 6;
const ENDS = /^Build(?:Succeeded|Failed|Cancelled)$/;

describe('a wish to cancel that races with everything else of a build', () => {
  let state: TemporaryDirectory;
  let system: RunningSystem;
  let api: Api;
  beforeAll(async () => {
    state = temporaryDirectory();
    system = await startSystem({ stateDir: state.path, command: 'e2e', builder: 'dummy', agents: 2 });
    api = connectApi(system.urls.api, system.adminToken);
    await api.createRepository('e2e/race', { cloneUrl: 'https://git.example/race.git' });
  }, LIMIT_MS);
  afterAll(async () => {
    await system.stop();
    state.remove();
  }, LIMIT_MS);

  const typesOf = async (buildId: string): Promise<readonly string[]> => {
    const { body } = await api.call(`/v1/builds/${buildId}/events`);
    return (body as { events: readonly { type: string }[] }).events.map(({ type }) => type);
  };
  /** How long a build takes here that nobody cancels, ms. */
  const usualMs = async (): Promise<number> => {
    const { build_id } = await api.requestBuild('e2e/race');
    const { created_at, ended_at } = await api.ended(build_id);
    return Date.parse(ended_at ?? '') - Date.parse(created_at);
  };

  it(
    'has one winner: offered, claimed, running, publishing or over, and everybody says which',
    async () => {
      await usualMs(); // the first one warms everything
      const lifeMs = await usualMs();
      const won = new Set<string>();
      const round = async (): Promise<void> => {
        const { build_id } = await api.requestBuild('e2e/race');
        await pause(Math.random() * lifeMs * 1.5); // anywhere in its life, and after it
        const { status } = await api.call(`/v1/builds/${build_id}`, { method: 'DELETE' });
        const build = await api.ended(build_id);
        const types = await typesOf(build_id);
        const winner = `${status} ${build.state}${types.includes('AttemptLeased') ? ' by its agent' : ''}`;
        won.add(winner.replace('superseded', 'succeeded')); // others of its tag may have been quicker

        const end = types.findIndex((type) => ENDS.test(type));
        expect(types.filter((type) => ENDS.test(type))).toHaveLength(1);
        expect(types.slice(end + 1).filter((type) => type !== 'BuildRemoved')).toEqual([]);
        const isCancelled = build.state === 'cancelled';
        expect(types[end]).toBe(isCancelled ? 'BuildCancelled' : 'BuildSucceeded');
        if (isCancelled) expect(types.filter((type) => /^(?:ImagePushed|TagsMoved)$/.test(type))).toEqual([]);
        // What was said at once is what became of it. 202: its agent stops it; 409: too late; 204: nobody had it, or it was over.
        const wasClaimed = types.includes('AttemptLeased');
        expect([winner, isCancelled]).toEqual([winner, status === 202 || (status === 204 && !wasClaimed)]);
      };
      for (let done = 0; done < ROUNDS; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, round));
      expect([...won]).toEqual(
        expect.arrayContaining(['204 cancelled', '202 cancelled by its agent', '204 succeeded by its agent']),
      );
    },
    LIMIT_MS,
  );
});
