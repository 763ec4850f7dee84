import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@slipway/testing';
import { startCanary } from './lib/canary.js';
import { BASE, build, cleanUp, SLOW } from './lib/steps.js';

const { path } = temporaryDirectory();
afterAll(cleanUp);

describe('a Dockerfile that reaches for the machine', () => {
  it.each([
    ['the network of the machine', 'RUN --network=host', ''],
    ['what an engine holds back', 'RUN --security=insecure', ''],
    [
      'the network of the machine, by the experimental frontend',
      'RUN --network=host',
      '# syntax=docker/dockerfile:1-labs',
    ],
  ])(
    'is not given %s',
    async (_, run, directive) => {
      const canary = await startCanary('127.0.0.1');
      const command = `wget -T 3 -q -O - http://127.0.0.1:${canary.port}/`;
      const { image, failure } = await build('', {
        files: { Dockerfile: `${directive}\nFROM ${BASE}\n${run} ${command}\n` },
      });
      expect(image).toBeUndefined();
      expect(failure).toBeInstanceOf(Error);
      expect(canary.fired()).toBe(0);
      await canary.stop();
    },
    SLOW,
  );

  it(
    'finds no socket of the engine, and no file of the machine',
    async () => {
      const canary = join(path, 'canary');
      writeFileSync(canary, 'of the machine');
      const socket = (process.env['SLIPWAY_DOCKER_HOST'] ?? '').replace('unix://', '');
      const places = [canary, socket, '/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock'];
      const looks = places.map((place) => `ls ${place}; ls /mnt${place}`).join('; ');
      const { events } = await build(
        `RUN --mount=type=bind,source=/,target=/mnt ${looks}; ls /mnt\n` + // the context, whatever it is called
          `RUN --mount=type=bind,source=../../../../../..,target=/mnt ${looks}; ls /mnt`,
      );
      expect(events.output('stdout')).toBe('Dockerfile\nDockerfile\n');
      expect([existsSync(canary), existsSync(socket)]).toEqual([true, true]); // they are there
    },
    SLOW,
  );

  it(
    'opens no device of the machine, and changes nothing of its kernel',
    async () => {
      const { rdev } = statSync('/dev/kmsg'); // 1:11, a device that everybody has and no container is given
      expect([rdev >> 8, rdev & 0xff]).toEqual([1, 11]);
      const { events } = await build(
        'RUN mknod /kmsg c 1 11 && { head -c 1 /kmsg > /dev/null && echo "read it"; echo x > /kmsg && echo "wrote it"; }; ' +
          'for file in /proc/sys/kernel/hostname /proc/sys/kernel/core_pattern /sys/kernel/uevent_helper; do ' +
          'if echo canary > $file; then echo "changed $file"; fi; done; ' +
          'mount -t tmpfs none /mnt && echo mounted; echo done',
      );
      expect(events.output('stdout')).toBe('done\n');
      expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8')).not.toContain('canary');
    },
    SLOW,
  );

  it(
    'is not built from files outside of its repository, by whatever link or path',
    async () => {
      const canary = join(path, 'secret');
      writeFileSync(canary, 'canary outside');
      const link = join(path, 'link');
      symlinkSync(canary, link);
      expect(readFileSync(link, 'utf8')).toBe('canary outside'); // a link to it can be followed
      for (const instruction of [`COPY ${canary} /x`, `COPY ../../../../..${canary} /x`, `ADD ${canary} /x`]) {
        const { image } = await build(instruction);
        expect(image).toBeUndefined();
      }
      const { events } = await build('COPY . /all\nRUN cat /all/link; ls /all', {
        links: { link: canary, up: '../../../../..' },
      });
      expect(events.output('stdout')).toBe('Dockerfile\nlink\nup\n');
      expect(events.output('stderr')).toContain("can't open '/all/link'");
    },
    SLOW,
  );

  it(
    'leaves no process behind that outlives its step',
    async () => {
      const seconds = `4${String(process.hrtime.bigint()).slice(-8)}`;
      const { image } = await build(`RUN (setsid nohup sleep ${seconds} > /dev/null 2>&1 &); true`);
      expect(image).toBeDefined();
      const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
      expect(running).toContain('ps -eo args'); // it names what runs
      expect(running).not.toContain(`sleep ${seconds}`);
    },
    SLOW,
  );
});
