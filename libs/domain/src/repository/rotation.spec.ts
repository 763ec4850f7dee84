import { specify } from '@slipway/testing';
import {
  configured,
  created,
  deleted,
  deletionBegan,
  keyIssued,
  keyResealed,
  keyRotated,
  resealKey,
  rotateKey,
} from './repository.fixtures.js';
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

  it('is sealed anew by another key, once', () => {
    given(...present)
      .when(resealKey('89abcdef'))
      .then(keyResealed('89abcdef'));
    given(...present, keyResealed('89abcdef'))
      .when(resealKey('89abcdef'))
      .thenNothing();
  });

  it('is not sealed anew when it is another one by now, or gone', () => {
    given(...present, keyRotated(1))
      .when(resealKey('89abcdef'))
      .thenNothing();
    given(...present, deletionBegan(1), deleted(1))
      .when(resealKey('89abcdef'))
      .thenNothing();
  });

  it('is that of a repository that is there', () => {
    given().when(rotateKey(1)).thenRejects('REPOSITORY_NOT_FOUND');
    given(...present, deletionBegan(1))
      .when(rotateKey(1))
      .thenRejects('REPOSITORY_CLOSING');
  });
});
