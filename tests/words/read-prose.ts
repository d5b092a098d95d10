/** A heading, paragraph, list item or table cell of a page, as one line. */
interface Prose {
  /** The line where it begins. */
  readonly line: number;
  readonly text: string;
}

/** The prose of a page in Markdown, without code blocks and comments. Each piece of inline code is `{}`. */
export function readProse(page: string): readonly Prose[] {
  const found: { line: number; text: string }[] = [];
  const lines = page.split("\n");
  let isInCode = false;
  let isOpen = false;
  for (const [index, line] of lines.entries()) {
    const isFence = /^ *```/.test(line);
    if (isFence) isInCode = !isInCode;
    if (isFence || isInCode || /^\s*(?:<!--.*-->)?$/.test(line)) {
      isOpen = false;
      continue;
    }
    const last = found.at(-1);
    const isStart = /^(?:#|\||!\[|(?:[-*]|\d+\.) )/.test(line.trimStart());
    if (isOpen && !isStart && last) last.text += `\n${line}`;
    else found.push({ line: index + 1, text: line });
    isOpen = !/^[#|]/.test(line);
  }
  return found.flatMap(({ line, text }) => {
    const prose = withoutCode(text);
    const parts = prose.startsWith("|") ? prose.split("|") : [prose];
    return parts.map((part) => ({ line, text: withoutMarks(part) })).filter((part) => /\w/.test(part.text));
  });
}

function withoutCode(text: string): string {
  return text.replace(/`[^`]+`/g, "{}");
}

/** As it is read: links as their text, without the marks of headings, list items and emphasis. */
function withoutMarks(text: string): string {
  return text
    .replace(/^\s*(?:#+|[-*]|\d+\.)\s/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("*", "")
    .replace(/\s+/g, " ")
    .trim();
}
