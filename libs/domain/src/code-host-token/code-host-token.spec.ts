import { specify } from '@slipway/testing';
import { codeHostTokens } from './code-host-token.js';
import {
  removeToken,
  resealToken,
  setToken,
  tokenRemoved,
  tokenReplaced,
  tokenResealed,
  tokenSet,
} from './code-host-token.fixtures.js';

const given = specify(codeHostTokens);

describe('the tokens of a namespace for code hosts', () => {
  it('are set, and set anew', () => {
    given().when(setToken()).then(tokenSet());
    given(tokenReplaced()).when(setToken()).then(tokenSet());
  });

  it('are one a code host', () =>
    given(tokenSet()).when(removeToken('Bitbucket')).thenRejects('CODE_HOST_TOKEN_NOT_FOUND'));

  it('are removed once', () => {
    given(tokenSet()).when(removeToken()).then(tokenRemoved());
    given(tokenSet(), tokenRemoved()).when(removeToken()).thenRejects('CODE_HOST_TOKEN_NOT_FOUND');
  });

  it('are sealed anew, unless another one was set meanwhile', () => {
    given(tokenSet()).when(resealToken()).then(tokenResealed());
    given(tokenSet(), tokenReplaced()).when(resealToken()).thenNothing();
    given(tokenSet(), tokenRemoved()).when(resealToken()).thenNothing();
  });
});
