import { CST, Lexer, LineCounter, Parser, parseDocument } from "yaml";
import { printable } from "./schema-issues.ts";

/** `value` is undefined when the text could not be read; there is an issue then. */
interface YamlReading {
  readonly value?: unknown;
  /** What is wrong with the text, and where. */
  readonly issue?: string;
}

/** Deeper nesting is refused, long before recursion could exhaust the stack. */
const maximumDepth = 32;

/** A text with more words and marks is refused: its time to be read grows with their square. */
const maximumLexemes = 20_000;

/** Messages repeat names in the text, which can be long. */
const maximumMessage = 200;

/** Reads a text that is one YAML document, and refuses one that a hostile author made to be slow to read. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const issueAt = (position: number, message: string) => {
    const { line, col } = lines.linePos(position);
    return { issue: `line ${line}, column ${col}: ${message}` };
  };
  const excess = findExcess(text, lines);
  if (excess) return issueAt(excess.position, excess.message);
  // Errors made pretty would each cost the time of a whole line.
  const document = parseDocument(text, { prettyErrors: false, logLevel: "error" });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem?.code === "MULTIPLE_DOCS") {
    return issueAt(problem.pos[0], "a second document starts here; there must be one only");
  }
  if (problem) return issueAt(problem.pos[0], printable(problem.message, maximumMessage));
  try {
    return { value: document.toJS() };
  } catch (error) {
    // Aliases that lead nowhere, or to too much, are found late.
    if (error instanceof ReferenceError) return { issue: printable(error.message, maximumMessage) };
    throw error;
  }
}

/** Finds where a text gets too deep or too long, by a reading that keeps its own stack and ends there. */
function findExcess(
  text: string,
  lines: LineCounter,
): { readonly position: number; readonly message: string } | undefined {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const position = parser.offset;
    for (const _ of parser.next(lexeme));
    const { stack } = parser;
    if (stack.length > maximumDepth && stack.filter(CST.isCollection).length > maximumDepth) {
      return { position, message: `nested deeper than ${maximumDepth} levels` };
    }
    if (++count > maximumLexemes) return { position, message: `more than ${maximumLexemes} words and marks` };
  }
  return undefined;
}
