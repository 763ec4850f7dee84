/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | readonly Html[];

/** Whatever is not `Html` is escaped. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(texts.map((text, index) => text + printed(parts[index])).join(''));

function printed(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escaped(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

/** The Markdown of our own descriptions: paragraphs, lists, code and bold. */
export const markdown = (text: string): Html =>
  new Html(
    text
      .split(/\n{2,}/)
      .map((block) => (block.startsWith('- ') ? list(block) : `<p>${inline(block)}</p>`))
      .join('\n'),
  );

const list = (block: string): string =>
  `<ul>${block
    .split(/^- /m)
    .slice(1)
    .map((item) => `<li>${inline(item.trim())}</li>`)
    .join('')}</ul>`;

const inline = (text: string): string =>
  escaped(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');

/** One line of it, without a paragraph around. */
export const inlineMarkdown = (text: string): Html => new Html(inline(text));
