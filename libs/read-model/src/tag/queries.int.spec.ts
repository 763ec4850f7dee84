import type { RepositoryEvent } from '@slipway/contracts';
import type { NewEvent } from '@slipway/event-store';
import { openDatabase, type Database } from '../database/open-database.js';
import {
  buildHistory,
  buildIdOf,
  instant,
  onEachDatabase,
  repositoryEvents,
  repositoryHistory,
  stored,
  tagHistory,
  type History,
} from '../fixtures/index.js';
import { openReadModel, type ReadModel } from '../read-model.js';
import type { RepositoryRecord } from '../repository/view.js';
import { applyBatch } from '../views/apply-batch.js';
import { prepareViews } from '../views/prepare.js';
import { NOWHERE } from '../views/registry.js';
import { VIEWS } from '../views/views.js';
import type { PublicTagPage } from './queries.js';

const APP = ['alice', 'app'] as const;
const deletionId = '00000000-0000-4000-8000-000000000001';
const [created, configured, keyIssued] = repositoryEvents(...APP) as readonly [
  RepositoryEvent,
  Extract<RepositoryEvent, { type: 'BuildConfigChanged' }>,
  RepositoryEvent,
];
const deletedAndCreatedAgain: readonly RepositoryEvent[] = [
  created,
  configured,
  keyIssued,
  { type: 'RepositoryDeletionBegan', data: { deletionId, requestedBy: 'alice', at: instant(50) } },
  { type: 'RepositoryDeleted', data: { deletionId, deletedBy: 'alice', at: instant(51) } },
  created,
  { ...configured, data: { ...configured.data, configId: 8 } },
  keyIssued,
];

onEachDatabase((fresh) => {
  const opened: { readonly close: () => Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ close }) => close()));
  });

  const told = async (histories: readonly History[]): Promise<ReadModel> => {
    const { url } = await fresh();
    const database: Database = openDatabase(url);
    const readModel = openReadModel(url, { readOnly: true });
    opened.push(readModel, database);
    await prepareViews(database, VIEWS);
    const events = await stored(histories);
    await applyBatch(database, VIEWS, { after: NOWHERE, upTo: events.length, events }, () => {});
    return readModel;
  };
  const app = async (readModel: ReadModel): Promise<RepositoryRecord> =>
    (await readModel.repositories.get(...APP)) as RepositoryRecord;
  const tagsOf = ({ tags }: PublicTagPage): readonly string[] => tags.map(({ tag }) => tag);

  it('lists the tags of a repository with the image behind each', async () => {
    const readModel = await told([
      repositoryHistory(...APP),
      buildHistory(1),
      tagHistory(APP, 'latest', [1]),
      tagHistory(['alice', 'app2'], 'latest', [1]),
      tagHistory(['bob', 'app'], 'latest', [1]),
    ]);
    const build = await readModel.builds.get(buildIdOf(1));
    expect(await readModel.tags.list(await app(readModel), { page: 1 })).toEqual({
      count: 1,
      tags: [
        {
          tag: 'latest',
          digest: build?.digest,
          image_id: build?.image_id?.slice('sha256:'.length, 'sha256:'.length + 12),
          size: 1_234,
          build_id: buildIdOf(1),
          pushed_at: instant(1),
        },
      ],
      next: null,
      previous: null,
    });
  });

  it('pages through them, the latest move first', async () => {
    const names = Array.from({ length: 45 }, (_, index) => `v${index}`);
    const histories = names.map((tag, index) => tagHistory(APP, tag, [index + 1]));
    const readModel = await told([repositoryHistory(...APP), ...histories]);
    const repository = await app(readModel);
    const pages = await Promise.all([1, 2, 3].map((page) => readModel.tags.list(repository, { page })));
    expect(pages.flatMap(tagsOf)).toEqual([...names].reverse());
    expect(pages.map(({ count, next, previous }) => [count, next, previous])).toEqual([
      [45, { page: 2 }, null],
      [45, { page: 3 }, { page: 1 }],
      [45, null, { page: 2 }],
    ]);
    expect(await readModel.tags.list(repository, { page: 9 })).toEqual({
      count: 45,
      tags: [],
      next: null,
      previous: { page: 3 },
    });
  });

  it('does not give the tags and pushes of a deleted repository to the next one of its name', async () => {
    const whole = repositoryHistory(...APP, deletedAndCreatedAgain);
    const until = (end: number): History => ({ ...whole, events: whole.events.slice(0, end) });
    const from = (start: number): { readonly stream: string; readonly events: readonly NewEvent[] } => ({
      ...whole,
      events: whole.events.slice(start),
    });
    const before = [until(3), buildHistory(1), tagHistory(APP, 'old', [1])];
    const alive = await told(before);
    expect(await app(alive)).toMatchObject({ config_id: 3, upload: 1 });
    expect(tagsOf(await alive.tags.list(await app(alive), { page: 1 }))).toEqual(['old']);

    const gone = await told([...before, { ...whole, events: whole.events.slice(3, 5) }]);
    expect(await app(gone)).toBeUndefined();

    const again = await told([
      ...before,
      from(3),
      buildHistory(2, { spec: { configId: 8 } }),
      tagHistory(APP, 'new', [2]),
    ]);
    expect(await app(again)).toMatchObject({ config_id: 8, upload: 1 });
    expect(tagsOf(await again.tags.list(await app(again), { page: 1 }))).toEqual(['new']);
    expect((await again.builds.list({ namespace: 'alice', repoName: 'app' }, { page: 1 })).count).toBe(2);
  });
});
