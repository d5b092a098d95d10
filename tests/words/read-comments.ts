import { parseSync } from "vite";

/** A comment of a source, as one line of prose. */
interface Comment {
  /** The line where it begins. */
  readonly line: number;
  readonly text: string;
}

/** The comments of a source in TypeScript, Go or shell. Line comments on consecutive lines are one comment. @param name for its language */
export function readComments(name: string, source: string): readonly Comment[] {
  const lines = source.split("\n");
  const found: { line: number; lastLine: number; text: string }[] = [];
  for (const { line, text, isAlone } of partsOf(name, source, lines)) {
    const before = found.at(-1);
    const lastLine = line + text.split("\n").length - 1;
    if (isAlone && before?.lastLine === line - 1) {
      before.text += `\n${text}`;
      before.lastLine = lastLine;
    } else found.push({ line, lastLine: isAlone ? lastLine : -1, text });
  }
  return found.map(({ line, text }) => ({ line, text: asProse(text) }));
}

interface Part {
  readonly line: number;
  readonly text: string;
  /** Whether it is a line comment with no code before it. */
  readonly isAlone: boolean;
}

function partsOf(name: string, source: string, lines: readonly string[]): readonly Part[] {
  if (!/\.tsx?$/.test(name)) return lines.flatMap((text, index) => partOfLine(name, text, index + 1));
  const { comments, errors } = parseSync(name, source);
  if (errors.length > 0) throw new Error(`${name}: ${errors[0]?.message}`);
  return comments.map(({ type, value, start }) => {
    const before = source.slice(0, start).split("\n");
    return { line: before.length, text: value, isAlone: type === "Line" && before.at(-1)?.trim() === "" };
  });
}

/** A mark of a comment counts at the start of a line or between spaces: elsewhere it is a part of code, such as `https://`. */
function partOfLine(name: string, text: string, line: number): readonly Part[] {
  const mark = name.endsWith(".go") ? /^(.*?)(?<!\S)\/\/(?:\s(.*))?$/ : /^(.*?)(?<!\S)#(?:\s(.*))?$/;
  const [, code, comment] = mark.exec(text) ?? [];
  return code === undefined ? [] : [{ line, text: comment ?? "", isAlone: code.trim() === "" }];
}

/** Without the stars of a block; spaces are joined. */
function asProse(text: string): string {
  return text
    .replace(/^\s*\*+ ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
