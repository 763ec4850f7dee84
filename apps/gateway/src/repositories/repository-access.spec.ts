import type { PositionedEvent, RepositoryEvent } from '@slipway/contracts';
import { repositoryEvents } from '@slipway/read-model/fixtures';
import { recordOf } from './repository-access.js';

const at = '2026-11-23T10:00:00.000Z';
const deletionId = '00000000-0000-4000-8000-000000000001';
const deleted: RepositoryEvent = { type: 'RepositoryDeleted', data: { deletionId, deletedBy: 'alice', at } };
const told = (events: readonly RepositoryEvent[]): readonly PositionedEvent<RepositoryEvent>[] =>
  events.map((event, position) => ({ event, position }));

describe('the answer to a command', () => {
  const events = repositoryEvents('alice', 'app');

  it('is the repository that its events tell', () =>
    expect(recordOf(told(events), () => ({ upload: 2, pushed_at: at }))).toMatchObject({ config_id: 3, upload: 2 }));

  it('is that it is not there, when somebody deleted it meanwhile', () =>
    expect(() => recordOf(told([...events, deleted]))).toThrow(
      expect.objectContaining({ code: 'REPOSITORY_NOT_FOUND' }),
    ));
});
