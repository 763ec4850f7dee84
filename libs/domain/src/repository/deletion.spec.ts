import { specify } from '@slipway/testing';
import { repository } from './repository.js';
import {
  beginDeletion,
  configured,
  created,
  createRepository,
  deleted,
  deletionBegan,
  deletionRefused,
  finishDeletion,
  keyIssued,
  latest,
} from './repository.fixtures.js';

const given = specify(repository);
const present = [created(), configured(), keyIssued()];
const gone = [...present, deletionBegan(1), deleted(1)];

describe('the deletion of a repository', () => {
  it('begins, so that no build is taken while it is decided', () =>
    given(...present)
      .when(beginDeletion(1))
      .then(deletionBegan(1)));

  it('is joined by whoever finds it under way', () =>
    given(...present, deletionBegan(1))
      .when(beginDeletion(2))
      .thenNothing());

  it('is done when no build is open', () =>
    given(...present, deletionBegan(1))
      .when(finishDeletion(1, 0))
      .then(deleted(1)));

  it.each([1, 7, null])('is refused when %j builds are open', (open) =>
    given(...present, deletionBegan(1))
      .when(finishDeletion(1, open))
      .then(deletionRefused(1, open)),
  );

  it('may be tried again after it was refused', () =>
    given(...present, deletionBegan(1), deletionRefused(1, 1))
      .when(beginDeletion(2))
      .then(deletionBegan(2)));

  it('is not done on what was found out for an earlier one', () => {
    given(...present, deletionBegan(1), deletionRefused(1, 1))
      .when(finishDeletion(1, 0))
      .thenRejects('REPOSITORY_BUSY');
    given(...present, deletionBegan(1), deletionRefused(1, 1), deletionBegan(2))
      .when(finishDeletion(1, 0))
      .thenRejects('REPOSITORY_BUSY');
  });

  it('stays quiet when it is repeated', () => {
    given(...gone)
      .when(beginDeletion(1))
      .thenNothing();
    given(...gone)
      .when(finishDeletion(1, 0))
      .thenNothing();
    given(...gone)
      .when(finishDeletion(1, 1))
      .thenNothing();
  });

  it('needs a repository', () => {
    given().when(beginDeletion(1)).thenRejects('REPOSITORY_NOT_FOUND');
    given().when(finishDeletion(1, 0)).thenRejects('REPOSITORY_NOT_FOUND');
    given(...gone)
      .when(beginDeletion(2))
      .thenRejects('REPOSITORY_NOT_FOUND');
    given(...gone)
      .when(finishDeletion(2, 0))
      .thenRejects('REPOSITORY_NOT_FOUND');
  });

  it('frees the name', () =>
    given(...gone)
      .when(createRepository({ configId: 8, tagConfigs: [{ ...latest, id: 9 }] }))
      .then(created(), configured({ configId: 8, tagConfigs: [{ ...latest, id: 9 }] }), {
        ...keyIssued(),
        data: { ...keyIssued().data, configId: 8 },
      } as ReturnType<typeof keyIssued>));

  it('keeps the name until it is decided', () =>
    given(...present, deletionBegan(1))
      .when(createRepository({ description: 'another' }))
      .thenRejects('REPOSITORY_EXISTS'));
});
