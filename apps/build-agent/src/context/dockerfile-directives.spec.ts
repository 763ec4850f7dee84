import type { BuildFailure } from '../builder/build-failure.js';
import { checkBuildArgs, checkDirectives } from './dockerfile-directives.js';

const refused = expect.objectContaining({ code: 'FRONTEND_REFUSED' }) as BuildFailure;

describe('directives of a Dockerfile', () => {
  it('leaves a file without a syntax line as it is', () => {
    const text = '# escape=`\n# a comment\nFROM a\n# syntax=evil/late\n';
    expect(checkDirectives(text)).toEqual({ text, ignoredFrontend: undefined });
  });

  it('uses the built-in frontend for the official one, and keeps line numbers and other directives', () => {
    expect(checkDirectives('# syntax=docker/dockerfile:1.4\n# escape=`\nFROM a')).toEqual({
      text: '# escape=`\n# the built-in frontend is used\nFROM a',
      ignoredFrontend: 'docker/dockerfile:1.4',
    });
  });

  it.each([
    '# syntax=evil.example/frontend\nFROM a',
    '#SYNTAX = evil.example/frontend:1\nFROM a',
    '# escape=`\n# syntax=evil.example/docker/dockerfile\nFROM a',
    '# syntax=docker/dockerfile:1\n# syntax=evil.example/f\nFROM a',
    '\uFEFF# syntax=evil.example/f\nFROM a',
    '#!/usr/bin/env x\n# syntax=evil.example/f\nFROM a',
    '// syntax=evil.example/f\nFROM a',
    '{"syntax": "evil.example/f"}',
  ])('refuses any other frontend: %j', (text) => {
    expect(() => checkDirectives(text)).toThrow(refused);
  });

  it('leaves no syntax line behind when there are two official ones', () => {
    const { text } = checkDirectives('# syntax=docker/dockerfile:1\n# syntax=docker/dockerfile:2\nFROM a');
    expect(text).not.toContain('syntax');
  });

  it('refuses a frontend by build argument', () => {
    expect(() => checkBuildArgs({ BUILDKIT_SYNTAX: 'docker/dockerfile:1' })).toThrow(refused);
    expect(() => checkBuildArgs({ A: 'b' })).not.toThrow();
  });
});
