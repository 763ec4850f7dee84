import type { BuildView } from '@slipway/contracts';
import { buildProjection, buildView, type BuildRow } from '@slipway/read-model';
import { buildEvents } from '@slipway/read-model/fixtures';
import { messageOf } from './message.js';

const PUBLIC_URL = 'https://slipway.example';
const build = (end: 'succeeded' | 'failed'): BuildView =>
  buildView(
    buildEvents(1, { end }).reduce<BuildRow | undefined>(
      (row, event, index) => buildProjection.evolve(row, { event, position: index + 1 }),
      undefined,
    ) as BuildRow,
  );

describe('the message', () => {
  it('says in its subject which image it is about, and how it ended', () => {
    expect(messageOf(build('succeeded'), PUBLIC_URL).subject).toBe('[slipway] alice/app:latest succeeded (552819)');
    expect(messageOf({ ...build('failed'), code_head_commit: null }, PUBLIC_URL).subject).toBe(
      '[slipway] alice/app:latest failed',
    );
  });

  it('has one line for a subject, whatever a name holds', () => {
    const hostile = { ...build('failed'), docker_repo_tag: 'x\r\nBcc: eve@example.com\u2028\u202e\0' };
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(messageOf(hostile, PUBLIC_URL).subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
  });

  it('keeps the lines of a log apart, and each of them whole', () => {
    const view = build('failed');
    const failure = view.failure && { ...view.failure, last_lines: ['one\rtwo', '\u001b[31mred'] };
    const { text } = messageOf({ ...view, failure }, PUBLIC_URL);
    expect(text).toContain('  one two\n   [31mred\n');
  });

  it('says nothing of a failure where there is none', () =>
    expect(messageOf(build('succeeded'), PUBLIC_URL).text).not.toMatch(/Failure|last lines/));
});
