import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';

/** Needs no library: what `npm test` found, else where Debian's package `busybox-static` puts it. */
const BUSYBOX_FILE = process.env['SLIPWAY_BUSYBOX'] ?? '/bin/busybox';

const FOLDERS = ['bin', 'dev', 'etc', 'home', 'proc', 'root', 'sys', 'tmp', 'usr', 'usr/bin', 'var'];

/** What Dockerfiles of tests and of the demo call. `httpd` serves the demo's page. */
const APPLETS = (
  'sh ls cat echo printf seq sleep true false test [ expr env id whoami hostname date uname ' +
  'mkdir rm rmdir cp mv ln touch chmod chown stat find du df sync dd yes ' +
  'head tail tr cut sort uniq wc grep sed awk tee xargs basename dirname pwd which od hexdump base64 ' +
  'md5sum sha256sum tar gzip gunzip vi httpd wget nc ping ps kill free nproc mount umount ip ifconfig'
).split(' ');

/** The name makes images of two names differ: BuildKit takes equal ones for one, and shows it under either's name. */
const etcOf = (repo: string): Readonly<Record<string, string>> => ({
  'etc/os-release': `NAME=${JSON.stringify(repo)}\n`,
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nwww:x:33:33:www:/home:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
  'etc/group': 'root:x:0:\nwww:x:33:\nnobody:x:65534:\n',
});

export interface BaseImage {
  readonly repo: string;
  readonly tag: string;
}

/**
 * Makes a base image of 2 MB out of Debian's busybox-static, for machines that can pull none: a shell, the usual
 * commands and `httpd`. Safe to repeat: an image of the same busybox is kept, because a new one, even of the same files,
 * would take the cache away from every build that stands on it.
 * @throws an Error that says what to install when busybox-static is missing
 */
export async function importBusyboxImage(
  docker: Docker,
  { repo, tag }: BaseImage,
  file: string = BUSYBOX_FILE,
): Promise<{ id: string; name: string }> {
  const busybox = await readFile(file).catch((cause: unknown) => {
    throw new Error(`${file} is missing: install Debian's package busybox-static`, { cause });
  });
  const name = `${repo}:${tag}`;
  const etc = etcOf(repo);
  const content = createHash('sha256').update(busybox).update(APPLETS.join()).update(JSON.stringify(etc));
  const message = `made of ${content.digest('hex')}`;
  const there = await docker
    .getImage(name)
    .inspect()
    .catch(() => undefined);
  if (there?.Comment === message) return { id: there.Id, name };

  const changes = ['CMD ["/bin/sh"]', 'ENV PATH=/usr/bin:/bin'];
  // Its types know only the form with a file's name.
  const answer = docker.importImage(rootFilesystem(busybox, etc) as never, { repo, tag, changes, message }) as unknown;
  for await (const chunk of await (answer as Promise<AsyncIterable<Buffer>>)) refuseError(String(chunk));

  const { Id } = await docker.getImage(name).inspect();
  return { id: Id, name };
}

function rootFilesystem(busybox: Buffer, etc: Readonly<Record<string, string>>): ReturnType<typeof pack> {
  const tar = pack();
  const mtime = new Date(0);
  for (const name of FOLDERS) tar.entry({ name, mtime, type: 'directory', mode: name === 'tmp' ? 0o1777 : 0o755 });
  for (const [name, text] of Object.entries(etc)) tar.entry({ name, mtime }, text);
  tar.entry({ name: 'bin/busybox', mtime, mode: 0o755 }, busybox);
  for (const applet of APPLETS) tar.entry({ name: `bin/${applet}`, mtime, type: 'symlink', linkname: 'busybox' });
  tar.finalize();
  return tar;
}

/** The engine answers an import with JSON lines and HTTP 200, also when it failed. */
function refuseError(lines: string): void {
  for (const line of lines.split('\n').filter(Boolean)) {
    const message = JSON.parse(line) as { error?: string };
    if (message.error) throw new Error(`the engine refused the base image: ${message.error}`);
  }
}
