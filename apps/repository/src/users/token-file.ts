import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TOKEN_PATTERN } from '@slipway/platform';

/**
 * The token in the file; makes and keeps one when there is no file. Never replaces a file: of several processes that
 * find none, one wins and all answer with its token.
 * @throws an Error that names the file when it holds something else or cannot be written
 */
export async function claimTokenFile(
  file: string,
  make: () => string,
): Promise<{ readonly token: string; readonly isNew: boolean }> {
  const kept = await readToken(file);
  if (kept !== undefined) return { token: kept, isNew: false };
  const token = make();
  if (await writeOnce(file, `${token}\n`)) return { token, isNew: true };
  const winner = await readToken(file);
  if (winner === undefined) throw new Error(`${file} was removed while it was being made`);
  return { token: winner, isNew: false };
}

async function readToken(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const token = text?.trim();
  if (token !== undefined && !TOKEN_PATTERN.test(token)) throw new Error(`${file} does not hold a token`);
  return token;
}

/** Durable and complete, or not there: a temporary file is synced, then linked (which, unlike a rename, replaces nothing). */
async function writeOnce(file: string, text: string): Promise<boolean> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await link(temporary, file);
    await syncFolder(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await handle.close();
    await unlink(temporary);
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
