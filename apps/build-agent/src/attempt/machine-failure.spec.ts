import { machineFailure } from './machine-failure.js';

const errno = (code: string): Error =>
  Object.assign(new Error(`${code}: no good, write '/secret/place'`), { code, syscall: 'write' });

describe('the trouble of a machine', () => {
  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EIO', 'WORKSPACE_FAILED'],
    ['EROFS', 'WORKSPACE_FAILED'],
    ['EMFILE', 'WORKSPACE_FAILED'],
  ])('%s is %s, and no path is told', (code, expected) => {
    const message = `the agent could not write a file: ${code}`;
    expect(machineFailure(errno(code))).toMatchObject({ code: expected, message });
  });

  it('is found behind what it caused', () =>
    expect(machineFailure(new Error('no report', { cause: errno('ENOSPC') }))).toMatchObject({ code: 'DISK_FULL' }));

  it.each([
    ['of a host', errno('ECONNREFUSED')],
    ['of what is not there', errno('ENOENT')],
    ['of the code', new TypeError('x is not a function')],
    ['of no kind', 'thrown'],
  ])('is not an error %s', (_, error) => expect(machineFailure(error)).toBeUndefined());
});
