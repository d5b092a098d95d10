/** A problem of a JSON text, and its place; lines and columns count from 1, columns in UTF-16 code units. */
export interface JsonIssue {
  readonly line: number;
  readonly column: number;
  /** The same place in UTF-16 code units from the text's beginning. */
  readonly position: number;
  readonly message: string;
}

/** `value` is undefined when the text could not be read to its end. */
export interface JsonReading {
  readonly value: unknown;
  readonly issues: readonly JsonIssue[];
}

/** Deeper nesting is refused, long before recursion could exhaust the stack. */
const maximumDepth = 32;

/** After this many issues reading stops: each costs time, and a hostile text has as many as it likes. */
const maximumIssues = 20;

const byteOrderMark = "\ufeff";
const space = /[ \t\n\r]*/y;
const literal = /true|false|null/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string.
const string = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;

/**
 * Reads a JSON text strictly. `JSON.parse` would accept a key given twice, and doesn't always say where an error
 * is; a person who edits the text needs both.
 */
export function readJson(text: string): JsonReading {
  const reader = new JsonReader(text);
  try {
    return { value: reader.readDocument(), issues: reader.issues };
  } catch (error) {
    if (error instanceof SyntaxError) return { value: undefined, issues: reader.issues };
    throw error;
  }
}

class JsonReader {
  readonly issues: JsonIssue[] = [];
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): unknown {
    if (this.#text.startsWith(byteOrderMark)) {
      this.#fail("the text starts with a byte order mark; save it as UTF-8 without one");
    }
    const value = this.#readValue(0);
    this.#take(space);
    if (this.#position < this.#text.length) this.#fail("expected the end of the text");
    return value;
  }

  #readValue(depth: number): unknown {
    this.#take(space);
    if (depth > maximumDepth) this.#fail(`nested deeper than ${maximumDepth} levels`);
    if (this.#takeMark("{")) return this.#readObject(depth);
    if (this.#takeMark("[")) return this.#readList(depth);
    const scalar = this.#take(string) || this.#take(number) || this.#take(literal);
    if (!scalar) this.#fail("expected a value: an object, a list, a string, a number, true, false or null");
    return JSON.parse(scalar);
  }

  #readObject(depth: number): unknown {
    const entries = new Map<string, unknown>();
    if (this.#takeMark("}")) return {};
    do {
      this.#take(space);
      const start = this.#position;
      const quoted = this.#take(string);
      if (!quoted) this.#fail('expected a key in double quotes, as in "version"');
      const key: string = JSON.parse(quoted);
      if (entries.has(key)) this.#report(start, `the key ${quoted.slice(0, 80)} is given more than once`);
      if (this.issues.length === maximumIssues) throw new SyntaxError("too many issues");
      if (!this.#takeMark(":")) this.#fail("expected : after the key");
      entries.set(key, this.#readValue(depth + 1));
    } while (this.#takeMark(","));
    if (!this.#takeMark("}")) this.#fail("expected , or }");
    // Makes "__proto__" a key like any other, where an assignment would change the object's prototype.
    return Object.fromEntries(entries);
  }

  #readList(depth: number): unknown {
    const values: unknown[] = [];
    if (this.#takeMark("]")) return values;
    do values.push(this.#readValue(depth + 1));
    while (this.#takeMark(","));
    if (!this.#takeMark("]")) this.#fail("expected , or ]");
    return values;
  }

  #takeMark(mark: string): boolean {
    this.#take(space);
    if (this.#text[this.#position] !== mark) return false;
    this.#position += 1;
    return true;
  }

  /** Takes the match of the sticky pattern here; an empty string when there is none. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const taken = pattern.exec(this.#text)?.[0] ?? "";
    this.#position += taken.length;
    return taken;
  }

  #fail(message: string): never {
    this.#report(this.#position, message);
    throw new SyntaxError(message);
  }

  #report(position: number, message: string): void {
    const before = this.#text.slice(0, position).split(/\r\n|\r|\n/);
    this.issues.push({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1, position, message });
  }
}
