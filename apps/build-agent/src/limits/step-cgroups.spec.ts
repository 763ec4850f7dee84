import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@slipway/testing';
import { isNamedAfter } from './breach.js';
import { StepCgroups } from './step-cgroups.js';

const limits = { memoryBytes: 1_000_000, processes: 32, cpus: 1.5 };
const step = '/slipway/buildkit/abc';

describe.each([
  {
    version: 'v1',
    files: {
      'pids/slipway/buildkit/abc/cgroup.procs': '12\n13\n',
      'pids/slipway/buildkit/abc/pids.events': 'max 3\n',
      'pids/slipway/0123/cgroup.procs': '14\n',
      'memory/slipway/buildkit/abc/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
      'cpu/slipway/buildkit/abc/cgroup.procs': '',
    },
    written: {
      'pids/slipway/buildkit/abc/pids.max': '32',
      'memory/slipway/buildkit/abc/memory.limit_in_bytes': '1000000',
      'memory/slipway/buildkit/abc/memory.memsw.limit_in_bytes': '1000000',
      'cpu/slipway/buildkit/abc/cpu.cfs_quota_us': '150000',
    },
  },
  {
    version: 'v2',
    files: {
      'cgroup.controllers': 'cpu memory pids\n',
      'slipway/buildkit/abc/cgroup.procs': '12\n13\n',
      'slipway/buildkit/abc/pids.events': 'max 3\n',
      'slipway/buildkit/abc/memory.events': 'low 0\nhigh 0\nmax 9\noom 2\noom_kill 2\noom_group_kill 0\n',
      'slipway/0123/cgroup.procs': '14\n',
    },
    written: {
      'slipway/buildkit/abc/pids.max': '32',
      'slipway/buildkit/abc/memory.oom.group': '1',
      'slipway/buildkit/abc/memory.max': '1000000',
      'slipway/buildkit/abc/memory.swap.max': '0',
      'slipway/buildkit/abc/cpu.max': '150000 100000',
    },
  },
])('the cgroups of steps, $version', ({ files, written }) => {
  const { path: root } = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const cgroups = new StepCgroups('/slipway', root);

  it('are those of BuildKit and of the classic builder', () => expect(cgroups.list()).toEqual([step, '/slipway/0123']));

  it('know their processes and what was refused to them', () => {
    expect(cgroups.processes(step)).toEqual([12, 13]);
    expect(cgroups.refusals(step)).toEqual({ outOfMemory: 2, outOfProcesses: 3 });
  });

  it('are limited', () => {
    expect(cgroups.limit(step, limits)).toBe(true);
    for (const [name, value] of Object.entries(written)) expect(readFileSync(join(root, name), 'utf8')).toBe(value);
  });

  it('may be gone', () => {
    cgroups.limit('/slipway/buildkit/gone', limits);
    expect(cgroups.processes('/slipway/buildkit/gone')).toEqual([]);
    expect(cgroups.refusals('/slipway/buildkit/gone')).toEqual({ outOfMemory: 0, outOfProcesses: 0 });
    expect(new StepCgroups('/none', root).list()).toEqual([]);
  });
});

describe('what met a limit and is over', () => {
  const lost = { what: 'memory', cgroup: step };

  it('is told once by what it left, v1', () => {
    const { path: root } = temporaryDirectory();
    const leave = (name: string) => mkdirSync(join(root, 'memory/slipway/buildkit', name), { recursive: true });
    leave('memory-limit.old');
    const cgroups = new StepCgroups('/slipway', root);
    expect(cgroups.news()).toEqual([]);
    leave('abc');
    leave('memory-limit.abc');
    leave('process-limit.def');
    const forked = { what: 'processes', cgroup: '/slipway/buildkit/def' };
    expect(cgroups.news()).toEqual(expect.arrayContaining([lost, forked]));
    expect(cgroups.news()).toEqual([]);
  });

  it('is counted by the parent, v2', () => {
    const { path: root } = temporaryDirectory();
    mkdirSync(join(root, 'slipway'));
    writeFileSync(join(root, 'cgroup.controllers'), 'memory\n');
    const count = (kills: number) => writeFileSync(join(root, 'slipway/memory.events'), `oom 9\noom_kill ${kills}\n`);
    count(1);
    const cgroups = new StepCgroups('/slipway', root);
    expect(cgroups.news()).toEqual([]);
    count(3);
    expect(cgroups.news()).toEqual([{ what: 'memory', cgroup: '/slipway' }]);
    expect(cgroups.news()).toEqual([]);
  });
});

describe('a step', () => {
  it.each([
    ['[2/3] RUN make -j 4', 'make -j 4', true],
    ['[build 2/3] RUN make   && make install', 'make   && \\\n    make install', true],
    ['[2/3] RUN make -j 4', 'make -j 8', false],
    ['[2/3] RUN remake', 'make', false],
  ])('%s is named after %j: %s', (step, command, is) => expect(isNamedAfter(step, command)).toBe(is));
});
