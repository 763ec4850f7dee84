import { specify } from '@slipway/testing';
import { configured, created, deletionBegan, keyIssued, keyRotated, rotateKey } from './repository.fixtures.js';
import { repository } from './repository.js';

const given = specify(repository);
const present = [created(), configured(), keyIssued()];

describe('a deploy key', () => {
  it('is exchanged for another', () =>
    given(...present)
      .when(rotateKey(1))
      .then(keyRotated(1)));

  it('is exchanged once by one command, and again by the next', () => {
    given(...present, keyRotated(1))
      .when(rotateKey(1))
      .thenNothing();
    given(...present, keyRotated(1))
      .when(rotateKey(2))
      .then(keyRotated(2));
  });

  it('is that of a repository that is there', () => {
    given().when(rotateKey(1)).thenRejects('REPOSITORY_NOT_FOUND');
    given(...present, deletionBegan(1))
      .when(rotateKey(1))
      .thenRejects('REPOSITORY_CLOSING');
  });
});
