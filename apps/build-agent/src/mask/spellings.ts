/** A shorter value is found everywhere: masking it would hide the log and not the value. */
export const MIN_MASKED_BYTES = 6;

/**
 * Every way in which a secret may stand in a log, without line ends: as it is, each of its lines, within JSON, encoded
 * for a URL, and in base64, also where it is only a part of what was encoded. White space around it does not count.
 */
export function spellingsOf(secret: string): ReadonlySet<string> {
  const text = secret.trim();
  const lines = text.split(/[\r\n]+/);
  const spelled = [
    lines.join(''),
    ...lines.map((line) => line.trim()),
    JSON.stringify(text).slice(1, -1),
    ...urlEncoded(text),
    ...base64(text),
  ];
  return new Set(Buffer.byteLength(text) < MIN_MASKED_BYTES ? [] : spelled.filter(isLongEnough));
}

const isLongEnough = (text: string): boolean => Buffer.byteLength(text) >= MIN_MASKED_BYTES;

/** As a path or query has it, as a form has it; hex digits in both cases. */
function urlEncoded(text: string): readonly string[] {
  const path = encodeURIComponent(text.toWellFormed());
  const strict = path.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const all = [path, strict, path.replaceAll('%20', '+'), strict.replaceAll('%20', '+')];
  return [...all, ...all.map((one) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** First character of base64 that only bytes of the secret decide, by how many bytes of a group of three come before. */
const FIRST_OWN = [0, 2, 3] as const;
const ENDINGS = ['', '\n'];

/** Without padding, in all three alignments: followed by something else, at the end, and at the end with a line end. */
function base64(text: string): readonly string[] {
  return FIRST_OWN.flatMap((first, before) => {
    const encode = (bytes: string): string =>
      Buffer.concat([Buffer.alloc(before), Buffer.from(bytes)])
        .toString('base64')
        .replace(/=+$/, '');
    const decided = Math.floor((8 * (before + Buffer.byteLength(text))) / 6); // characters that nothing after it changes
    return [encode(text).slice(first, decided), ...ENDINGS.map((ending) => encode(text + ending).slice(first))];
  });
}
