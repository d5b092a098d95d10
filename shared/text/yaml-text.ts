import { CST, type Document, isMap, isNode, Lexer, LineCounter, Parser, parseDocument } from "yaml";
import { excerpt } from "./excerpt.ts";

/** `value` is undefined when the text could not be read; there is an issue then. */
interface YamlReading {
  readonly value?: unknown;
  /** The problem of the text, and its place. */
  readonly issue?: string;
}

/** A problem of a text, and its place in UTF-16 code units from the beginning. */
interface YamlProblem {
  readonly position: number;
  readonly message: string;
  /** Only the whole of the text shows it. */
  readonly isEverywhere?: true;
}

/** A text with its nodes, which tell where they are; or why it can't be read. */
type YamlParsing =
  | { readonly document: Document; readonly value: unknown; readonly problem?: undefined }
  | { readonly document?: undefined; readonly value?: undefined; readonly problem: YamlProblem };

/** Deeper nesting is refused, long before recursion could exhaust the stack. */
const maximumDepth = 32;

/** A text with more words and marks is refused: its time to be read grows with their square. */
const maximumLexemes = 20_000;

/** Messages repeat names in the text, which can be long. */
const maximumMessage = 200;

/** Reads a text that is one YAML document, and refuses one that a hostile author made to be slow to read. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const { value, problem } = parseYaml(text, lines);
  if (!problem) return { value };
  if (problem.isEverywhere) return { issue: problem.message };
  const { line, col } = lines.linePos(problem.position);
  return { issue: `line ${line}, column ${col}: ${problem.message}` };
}

/** As `readYaml`, with the places of all that is in the text. */
export function parseYaml(text: string, lines = new LineCounter()): YamlParsing {
  const excess = findExcess(text, lines);
  if (excess) return { problem: excess };
  // Errors made pretty would each cost the time of a whole line.
  const document = parseDocument(text, { prettyErrors: false, logLevel: "error" });
  const [first] = [...document.errors, ...document.warnings];
  if (first) return { problem: { position: first.pos[0], message: describe(first) } };
  try {
    return { document, value: document.toJS() };
  } catch (error) {
    // Aliases that lead nowhere, or to too much, are found late.
    if (!(error instanceof ReferenceError)) throw error;
    return {
      problem: { position: 0, message: excerpt(error.message, maximumMessage), isEverywhere: true },
    };
  }
}

/** The line of a value, or of its key; if it is missing, that of the object which lacks it. Lines count from 1. */
export function lineAt(document: Document, path: readonly (string | number)[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const owner = document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(owner)
      ? owner.items.find(({ key }) => isNode(key) && key.toJSON() === path[length - 1])
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function describe({ code, message }: Document["errors"][number] | Document["warnings"][number]): string {
  return code === "MULTIPLE_DOCS"
    ? "a second document starts here; there must be one only"
    : excerpt(message, maximumMessage);
}

/** Finds where a text gets too deep or too long, by a reading that keeps its own stack and ends there. */
function findExcess(text: string, lines: LineCounter): YamlProblem | undefined {
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
