import { FAILURES, SKIP_REASONS } from '@slipway/contracts';
import { AppError, ERRORS, type ErrorCode } from '@slipway/kernel';
import { answerTo } from '../../apps/gateway/src/http/error-answer.js';
import { readDoc, tableUnder } from './markdown.js';

const page = readDoc('docs/ERRORS.md');
const statusOf = (code: ErrorCode): number => answerTo(new AppError(code), 'a request').status;

describe('docs/ERRORS.md', () => {
  it('lists every code of the API with kind, status and text, and no other', () => {
    const expected = Object.entries(ERRORS).map(([code, { kind, text }]) => ({
      code,
      kind,
      status: String(statusOf(code as ErrorCode)),
      text,
    }));
    expect(tableUnder(page, '## Codes')).toEqual(expected);
  });

  it('gives every kind that a code has the status that the gateway answers', () => {
    const rows = tableUnder(page, '## Answers of the API');
    const printed = new Map(rows.map(({ kind, status }) => [kind, Number(status)]));
    for (const [code, { kind }] of Object.entries(ERRORS))
      if (code !== 'MESSAGE_INVALID') expect([kind, printed.get(kind)]).toEqual([kind, statusOf(code as ErrorCode)]);
  });

  it('lists every failure of a build with fault and text, and no other', () => {
    const expected = Object.entries(FAILURES).map(([code, { infrastructure, text }]) => ({
      code,
      fault: infrastructure ? 'infrastructure' : 'user',
      text,
    }));
    expect(tableUnder(page, '## Failures of builds')).toEqual(expected);
  });

  it('lists every reason why a push starts no build, and no other', () =>
    expect(tableUnder(page, '## Why a push starts no build')).toEqual(
      Object.entries(SKIP_REASONS).map(([why, text]) => ({ why, text })),
    ));
});
