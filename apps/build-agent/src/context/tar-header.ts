/** One member of a tar archive. Owner is 0:0 and the time is 0, so that equal content makes equal bytes. */
export interface TarMember {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  /** Bytes; 0 for all but files. */
  readonly size: number;
  readonly linkTarget?: string;
}

export const BLOCK_BYTES = 512;
/** Two empty blocks end an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

const TYPE_FLAGS = { file: '0', symlink: '2', directory: '5', pax: 'x' } as const;
/** What eleven octal digits hold. */
const USTAR_MAX_SIZE = 0o77777777777;

/** Zero bytes that fill a member's content up to whole blocks. */
export const padding = (size: number): Buffer => Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);

/** The member's header block, behind a pax header where ustar has no room for a value. Source: POSIX.1-2017, pax. */
export function tarHeader(member: TarMember): Buffer {
  const name = member.type === 'directory' ? `${member.name}/` : member.name;
  const records = [
    ...record('path', name, fits(name)),
    ...record('linkpath', member.linkTarget, fits(member.linkTarget)),
    ...record('size', String(member.size), member.size <= USTAR_MAX_SIZE),
  ];
  const header = ustar({ ...member, name, size: Math.min(member.size, USTAR_MAX_SIZE) }, TYPE_FLAGS[member.type]);
  if (records.length === 0) return header;
  const pax = Buffer.from(records.join(''));
  const paxMember: TarMember = { name: 'pax', type: 'file', mode: 0o644, size: pax.length };
  return Buffer.concat([ustar(paxMember, TYPE_FLAGS.pax), pax, padding(pax.length), header]);
}

/** The ustar fields for names have 100 bytes and no defined encoding beyond ASCII. */
const fits = (text = ''): boolean => text.length <= 100 && /^[\x20-\x7e]*$/.test(text);

const record = (key: string, value: string | undefined, isFitting: boolean): readonly string[] =>
  isFitting || value === undefined ? [] : [paxRecord(key, value)];

/** `"<length> <key>=<value>\n"`, where the length counts its own digits too. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  const guess = bytes + String(bytes).length;
  return `${bytes + String(guess).length}${rest}`;
}

function ustar(member: TarMember, typeFlag: string): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(member.name, 0, 100, 'latin1');
  writeOctal(block, member.mode, 100, 8);
  writeOctal(block, 0, 108, 8); // uid
  writeOctal(block, 0, 116, 8); // gid
  writeOctal(block, member.size, 124, 12);
  writeOctal(block, 0, 136, 12); // mtime
  block.fill(' ', 148, 156); // the checksum counts itself as spaces
  block.write(typeFlag, 156, 1, 'latin1');
  block.write(member.linkTarget ?? '', 157, 100, 'latin1');
  block.write('ustar\x0000', 257, 8, 'latin1');
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  writeOctal(block, checksum, 148, 7);
  return block;
}

function writeOctal(block: Buffer, value: number, at: number, width: number): void {
  block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, width, 'latin1');
}
