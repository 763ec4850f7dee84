import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ContextMember, ContextPlan } from './plan-context.js';
import { padding, TAR_END, tarHeader } from './tar-header.js';

/** Small members travel together, large files in pieces of this size. Bytes. */
const CHUNK_BYTES = 256 * 1024;
/** Up to here reading what git has just written costs less than handing it to another thread. Bytes. */
const SMALL_FILE_BYTES = 16 * 1024;

/**
 * The context as a tar archive, read as slowly as it is taken: at most a few chunks are in memory.
 * @param onProgress bytes of the archive so far, and whether these are all of them
 */
export function packContext(plan: ContextPlan, onProgress: (bytes: number, isAll: boolean) => void): Readable {
  return Readable.from(counted(plan, onProgress), { objectMode: false, highWaterMark: CHUNK_BYTES });
}

async function* counted(
  plan: ContextPlan,
  onProgress: (bytes: number, isAll: boolean) => void,
): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of gathered(archive(plan))) {
    yield chunk;
    sent += chunk.length;
    onProgress(sent, false);
  }
  onProgress(sent, true);
}

async function* archive(plan: ContextPlan): AsyncGenerator<Buffer> {
  for (const member of plan.members) {
    yield tarHeader(member);
    if (Buffer.isBuffer(member.content)) yield member.content;
    else if (member.content !== undefined) yield* fileContent(member, member.content);
    yield padding(member.size);
  }
  yield TAR_END;
}

/** What was a file when it was counted must not have become a symlink. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW;

async function* fileContent(member: ContextMember, path: string): AsyncGenerator<Buffer> {
  if (member.size <= SMALL_FILE_BYTES) return yield smallContent(member, path);
  const file = await open(path, READ);
  try {
    for (let at = 0; at < member.size;) {
      const chunk = await readPiece(file, Math.min(CHUNK_BYTES, member.size - at));
      if (chunk.length === 0) throw hasChanged(member);
      at += chunk.length;
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

function smallContent(member: ContextMember, path: string): Buffer {
  const content = Buffer.allocUnsafe(member.size);
  const file = openSync(path, READ);
  try {
    if (readSync(file, content) < member.size) throw hasChanged(member);
  } finally {
    closeSync(file);
  }
  return content;
}

const hasChanged = ({ name }: ContextMember): Error => new Error(`the checkout changed while it was packed: ${name}`);

async function readPiece(file: FileHandle, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length);
  return buffer.subarray(0, bytesRead);
}

async function* gathered(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(waiting, bytes);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting, bytes);
}
