import { specify } from '@slipway/testing';
import { hooks } from './hook.js';
import { added, addHook, changed, changeHook, removed, removeHook, reseal, resealed } from './hook.fixtures.js';

const given = specify(hooks);
const twenty = Array.from({ length: 20 }, (_, index) => added(index + 1));

describe('the hooks of a namespace', () => {
  it('are added, and changed, and removed', () => {
    given().when(addHook()).then(added());
    given(added()).when(changeHook()).then(changed());
    given(added()).when(removeHook()).then(removed());
  });

  it('stay quiet when one is added again', () => given(added()).when(addHook()).thenNothing());

  it('stay quiet when one is changed into what it is', () => {
    given(added())
      .when(changeHook({ isActive: true }))
      .thenNothing();
    given(added(), changed()).when(changeHook()).thenNothing();
  });

  it('are twenty at most, and a removed one makes room', () => {
    given(...twenty)
      .when(addHook(21))
      .thenRejects('HOOK_LIMIT_REACHED');
    given(...twenty, removed(3))
      .when(addHook(21))
      .then(added(21));
  });

  it('have their secret sealed anew, unless it is or they are gone', () => {
    given(added()).when(reseal()).then(resealed());
    given(added(), resealed()).when(reseal()).thenNothing();
    given(added(), removed()).when(reseal()).thenNothing();
  });

  it('refuse to change or remove what is not there', () => {
    given().when(changeHook()).thenRejects('HOOK_NOT_FOUND');
    given(added(2)).when(removeHook()).thenRejects('HOOK_NOT_FOUND');
    given(added(), removed()).when(removeHook()).thenRejects('HOOK_NOT_FOUND');
  });
});
