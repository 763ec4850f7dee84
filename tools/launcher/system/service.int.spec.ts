import { join } from 'node:path';
import { LIMIT_MS, script, tempDir } from '../process/fixtures.js';
import { type Supervisor, openSupervisor } from '../process/supervisor.js';
import { freePorts } from '../setup/ports.js';
import { type Service, answersOk, startServices } from './service.js';

describe('services', () => {
  const dir = tempDir();
  const supervisors: Supervisor[] = [];
  const open = (): Supervisor => {
    const supervisor = openSupervisor({ command: 'spec', runDir: join(dir.path, 'run') });
    supervisors.push(supervisor);
    return supervisor;
  };

  afterAll(async () => {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    dir.remove();
  });

  const service = (name: string, text: string, more: Partial<Service> = {}): Service => ({
    name,
    needs: [],
    child: {
      command: process.execPath,
      args: script(text),
      logFile: join(dir.path, `${name}.log`),
      env: { ...process.env, NODE_OPTIONS: '' },
    },
    isReady: () => Promise.resolve(false),
    ...more,
  });

  it(
    'starts each once what it needs answers, and what is independent at once',
    async () => {
      const [storePort = 0] = await freePorts(1);
      const order: string[] = [];
      const readyAs = (name: string, isReady: () => Promise<boolean>) => async () => {
        const ready = await isReady();
        if (ready) order.push(name);
        return ready;
      };
      const idle = 'setInterval(() => {}, 60_000)';
      const store = `import { createServer } from 'node:http'; createServer((_, r) => r.end()).listen(${storePort}, '127.0.0.1')`;
      const storeAnswers = () => answersOk(`http://127.0.0.1:${storePort}/`);
      const services = [
        service('reader', idle, { needs: ['store', 'absent'], isReady: readyAs('reader', storeAnswers) }),
        service('store', store, { isReady: readyAs('store', storeAnswers) }),
        service('other', idle, { isReady: readyAs('other', () => Promise.resolve(true)) }),
      ];
      const children = await startServices(services, open());
      expect(order.toSorted()).toEqual(['other', 'reader', 'store']);
      expect(order.indexOf('store')).toBeLessThan(order.indexOf('reader'));
      expect([...children.keys()]).toEqual(['reader', 'store', 'other']);
    },
    LIMIT_MS,
  );

  it.each([
    ['ended with exit code 3', 'console.log("before"); console.error("disk full"); process.exit(3)'],
    ['refuses its configuration', 'console.log("before"); console.error("disk full"); process.exit(78)'],
  ])(
    'names a service that %s, with its last lines',
    async (why, text) => {
      const failing = startServices([service('store', text)], open());
      await expect(failing).rejects.toThrow(
        `store ${why}; the last lines of ${join(dir.path, 'store.log')}:\n  before\n  disk full`,
      );
    },
    LIMIT_MS,
  );

  it(
    'says that a program is missing instead of waiting for it',
    async () => {
      const missing = service('store', '');
      const child = { ...missing.child, command: join(dir.path, 'no such program') };
      await expect(startServices([{ ...missing, child }], open())).rejects.toThrow('store: cannot run');
    },
    LIMIT_MS,
  );
});
