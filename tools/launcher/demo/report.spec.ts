import type { BuildView, StepView } from '@slipway/contracts';
import { describeFailure, printTable, stepRows, summaryRows } from './report.js';
import type { Screen } from './screen.js';

const step = (name: string, cached: boolean): StepView => ({
  index: 1,
  total: 3,
  name,
  cached,
  started_at: '2026-11-23T10:00:00.500Z',
  ended_at: '2026-11-23T10:00:00.750Z',
});

const build = (changes: Partial<BuildView> = {}): BuildView => ({
  build_id: '5709f780-e8fb-4b52-aa3b-6256b572fb51',
  created_at: '2026-11-23T10:00:00.000Z',
  started_at: '2026-11-23T10:00:00.100Z',
  ended_at: '2026-11-23T10:00:02.000Z',
  code_head_commit: '0123456789abcdef0123456789abcdef01234567',
  code_repo_client: 'Simple',
  code_repo_path: 'hello',
  code_repo_type: 'branch',
  code_repo_type_value: 'main',
  created_by: 'admin',
  image_id: '0123456789ab',
  docker_repo_path: 'demo/hello',
  docker_repo_tag: 'latest',
  docker_repo_version_tag: null,
  dockerfile_location: '/',
  status: 'S',
  state: 'succeeded',
  auto_created: false,
  build_cache_enabled: true,
  code_repo_http_url: null,
  code_commit_http_url: null,
  code_repo_branch_url: null,
  step_at: 50,
  build_node: 'in',
  build_context_path: '/',
  is_removable: false,
  attempt: 1,
  agent: 'agent-1',
  digest: `sha256:${'ab'.repeat(32)}`,
  size: 1,
  tags: [{ tag: 'latest', moved: true }],
  failure: null,
  steps: [],
  phases: { starting: '2026-11-23T10:00:00.100Z', cloning: '2026-11-23T10:00:00.200Z' },
  log_lines: 1,
  removed_at: null,
  ...changes,
});

const cellsOf = (label: string, ...builds: readonly BuildView[]) =>
  [...summaryRows(builds), ...stepRows(builds)].find((row) => row.label === label)?.cells.map(({ text }) => text);

describe('the report of the demo', () => {
  it('lets a phase last until the next one that was reached, and says nothing of the others', () => {
    expect(cellsOf('waiting', build())).toEqual(['0.10 s']);
    expect(cellsOf('starting', build())).toEqual(['0.10 s']);
    expect(cellsOf('cloning', build())).toEqual(['1.80 s']);
    expect(cellsOf('building', build())).toEqual(['-']);
    expect(cellsOf('total', build())).toEqual(['2.00 s']);
  });

  it('tells a tag that a newer build has', () =>
    expect(cellsOf('tags', build({ tags: [{ tag: 'latest', moved: false }] }))).toEqual(['latest (superseded)']));

  it('puts the same step of two builds side by side, with its time or that it was cached', () => {
    const first = build({ steps: [step('[b 2/2] RUN make', false), step('[a 1/2] FROM x', false)] });
    const second = build({ steps: [step('[b 1/2] FROM x', false), step('[b 2/2] RUN make', true)] });
    expect(stepRows([first, second]).map(({ label }) => label)).toEqual(['FROM x', '[b 2/2] RUN make']);
    expect(cellsOf('[b 2/2] RUN make', first, second)).toEqual(['0.25 s', 'cached']);
    expect(cellsOf('FROM x', first, second)).toEqual(['0.25 s', '0.25 s']);
  });

  it('lines columns up', () => {
    const lines: string[] = [];
    const screen: Screen = {
      isLive: false,
      columns: 80,
      line: (text = '') => void lines.push(text),
      status: () => {},
      paint: (_style, text) => text,
    };
    printTable(screen, ['one', 'two'], [{ label: 'agent', cells: [{ text: 'agent-10' }, { text: 'other' }] }]);
    expect(lines[1]).toContain('agent-10   other');
    expect(lines[0]?.indexOf('two')).toBe(lines[1]?.indexOf('other'));
    expect(lines[0]?.indexOf('one')).toBe(lines[1]?.indexOf('agent-10'));
  });

  it('says why a build failed, with the last lines and without their power over the terminal', () => {
    const failure = {
      code: 'DOCKERFILE_STEP_FAILED',
      message: 'RUN make ended with exit code 2',
      step: '[b 2/2] RUN make',
      exit_code: 2,
      last_lines: ['\u001b[2Jcc: not found', 'a\u0007b'],
    } as const;
    expect(
      describeFailure(
        build({ status: 'F', state: 'failed', failure: { ...failure, last_lines: [...failure.last_lines] } }),
      ),
    ).toBe(
      'build 5709f780-e8fb-4b52-aa3b-6256b572fb51 failed (DOCKERFILE_STEP_FAILED): RUN make ended with exit code 2\n' +
        '  [b 2/2] RUN make\n  cc: not found\n  a b',
    );
  });
});
