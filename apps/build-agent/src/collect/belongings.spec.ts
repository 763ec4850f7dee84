import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@slipway/testing';
import { belongingsIn, builtNameOf } from './belongings.js';

describe('what an agent makes', () => {
  const directory = temporaryDirectory();
  afterAll(() => directory.remove());

  it('is told by its name, from life to life of the agent, and from that of others', async () => {
    const [one, next] = [await belongingsIn(directory.path), await belongingsIn(directory.path)];
    const buildId = randomUUID();
    using image = one.image(buildId);
    using again = next.image(buildId);
    expect(builtNameOf(image.name)).toEqual({ owner: one.owner, buildId });
    expect(builtNameOf(again.name)).toEqual({ owner: one.owner, buildId });
    expect(image.name).not.toBe(again.name);
    const other = temporaryDirectory();
    expect((await belongingsIn(other.path)).owner).not.toBe(one.owner);
    other.remove();
  });

  it('is held until its attempt is over', async () => {
    const belongings = await belongingsIn(directory.path);
    const workspace = belongings.workspace();
    expect(belongings.isHeld(workspace.name)).toBe(true);
    workspace[Symbol.dispose]();
    expect(belongings.isHeld(workspace.name)).toBe(false);
  });

  it.each(['', 'not an id', '../../etc'])('has another owner where the file holds %j', async (text) => {
    const file = join(directory.path, 'owner');
    await writeFile(file, text);
    const { owner } = await belongingsIn(directory.path);
    expect([text, await readFile(file, 'utf8')]).toEqual([text, owner]);
    expect(owner).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    'busybox:latest',
    'build.slipway.invalid/app:1',
    `registry.example/build.slipway.invalid/${randomUUID()}:${randomUUID()}.00000000`,
    `buildxslipway.invalid/${randomUUID()}:${randomUUID()}.00000000`,
  ])('is not %s', (name) => expect(builtNameOf(name)).toBeUndefined());
});
