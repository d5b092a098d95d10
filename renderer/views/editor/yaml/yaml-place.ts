/** A place in a YAML text, as far as its lines tell: also while the text is being written, and so is broken. */
export interface YamlPlace {
  /** The keys that lead to the map or value; 0 means an item of a list. */
  readonly path: readonly (string | 0)[];
  /** Whether a key is written here, or the value of the path's last key. */
  readonly kind: "key" | "value";
  /** The start of the text that is written here. */
  readonly from: number;
}

interface Line {
  /** Columns of the dashes of lists that begin here. */
  readonly dashes: readonly number[];
  /** Column of the text after them. */
  readonly column: number;
  readonly content: string;
}

const keyAndValue = /^([\w-]+):(?:\s+|$)/;

/** Finds the part of the text at a position. */
export function placeAt(text: string, position: number): YamlPlace {
  const before = text.slice(0, position).split("\n");
  const line = readLine(before.pop() ?? "");
  const owners = ownersOf(line, before.map(readLine));
  const start = position - line.content.length;
  const inBraces = /^(.*)\{([^{}]*)$/.exec(line.content);
  if (!inBraces) return placeIn(owners, line.content, start);
  const [, outside = "", inside = ""] = inBraces;
  const key = keyAndValue.exec(outside)?.[1];
  const entry = inside.slice(inside.lastIndexOf(",") + 1).trimStart();
  return placeIn([...owners, ...(key === undefined ? [] : [key])], entry, position - entry.length);
}

function placeIn(owners: YamlPlace["path"], content: string, from: number): YamlPlace {
  const [head, key] = keyAndValue.exec(content) ?? [];
  if (head === undefined || key === undefined) return { path: owners, kind: "key", from };
  return { path: [...owners, key], kind: "value", from: from + head.length };
}

function readLine(text: string): Line {
  const [lead = ""] = /^(?:\s|-\s)*/.exec(text) ?? [];
  const dashes = [...lead.matchAll(/-/g)].map(({ index }) => index);
  return { dashes, column: lead.length, content: text.slice(lead.length) };
}

/** The keys of the maps around a line, and the lists in which it is, by how far the lines above it are set in. */
function ownersOf(line: Line, above: readonly Line[]): (string | 0)[] {
  const owners: (string | 0)[] = [];
  let limit = line.column;
  const enterLists = ({ dashes }: Line) => {
    for (const dash of dashes.toReversed()) {
      owners.unshift(0);
      // A list may be set in no further than the key that has it.
      limit = dash + 1;
    }
  };
  enterLists(line);
  for (const other of above.toReversed()) {
    if (other.content === "" || other.content.startsWith("#")) continue;
    const key = keyAndValue.exec(other.content)?.[1];
    const isFirstOfItem = other.column === limit && other.dashes.length > 0;
    const isOwner = other.column < limit && key !== undefined;
    if (isOwner) {
      owners.unshift(key);
      limit = other.column;
    }
    if (isOwner || isFirstOfItem) enterLists(other);
  }
  return owners;
}
