import { getNodeValue, type Node, parseTree } from "jsonc-parser";

/** A change of one part of a text; all else stays as it is, byte for byte. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** The object that a JSON text is, with the places of its parts; undefined when it is none, or can't be read whole. */
export function readObject(text: string): Node | undefined {
  const errors: unknown[] = [];
  const root = parseTree(text, errors as [], { disallowComments: true });
  return root?.type === "object" && errors.length === 0 ? root : undefined;
}

/**
 * Finds the node that keys and numbers lead to. If a key is given twice, the last one counts, as for all readers of
 * JSON.
 */
export function findNode(node: Node, [first, ...rest]: readonly (string | number)[]): Node | undefined {
  if (first === undefined) return node;
  const child =
    typeof first === "number"
      ? node.children?.[first]
      : node.children?.findLast((property) => keyOf(property) === first)?.children?.[1];
  return child && findNode(child, rest);
}

/** The value that an object has for a key; undefined when it has none. */
export function valueAt(object: Node, ...path: readonly string[]): unknown {
  const node = findNode(object, path);
  return node && getNodeValue(node);
}

/** Puts another value in the place of one that is there. */
export function replaceValue(object: Node, path: readonly string[], value: unknown): TextEdit | undefined {
  const node = findNode(object, path);
  return node && { from: node.offset, to: endOf(node), insert: JSON.stringify(value) };
}

/**
 * Gives an object's key a value. A new key comes after those that it has to follow, written as its neighbour is.
 *
 * @param order all keys that are known, in the order in which new ones are put in.
 */
export function setKey(
  text: string,
  object: Node,
  key: string,
  value: unknown,
  order: readonly string[],
): TextEdit {
  const replacement = replaceValue(object, [key], value);
  if (replacement) return replacement;
  const properties = object.children ?? [];
  const [first, second] = properties;
  if (!first)
    return { ...insideOf(object), insert: `\n  ${JSON.stringify(key)}: ${JSON.stringify(value)}\n` };
  const earlier = order.slice(0, order.indexOf(key));
  const previous = properties.findLast((one) => earlier.some((key) => key === keyOf(one)));
  const written = `${JSON.stringify(key)}${colonOf(text, previous ?? first)}${JSON.stringify(value)}`;
  if (previous) {
    const at = endOf(previous);
    return {
      from: at,
      to: at,
      insert: `${spaceBeforeComma(text, at)},${spaceBefore(text, previous)}${written}`,
    };
  }
  const at = first.offset;
  return { from: at, to: at, insert: `${written},${spaceBefore(text, second ?? first)}` };
}

/** Takes a key out of an object, with its comma; undefined when it is not there. */
export function removeKey(object: Node, key: string): TextEdit | undefined {
  const properties = object.children ?? [];
  const index = properties.findLastIndex((one) => keyOf(one) === key);
  const property = properties[index];
  if (!property) return undefined;
  const next = properties[index + 1];
  if (next) return { from: property.offset, to: next.offset, insert: "" };
  const previous = properties[index - 1];
  if (previous) return { from: endOf(previous), to: endOf(property), insert: "" };
  return { ...insideOf(object), insert: "" };
}

/** The text after an edit. */
export function applyEdit(text: string, { from, to, insert }: TextEdit): string {
  return text.slice(0, from) + insert + text.slice(to);
}

function keyOf(property: Node): unknown {
  return property.children?.[0]?.value;
}

function endOf(node: Node): number {
  return node.offset + node.length;
}

function insideOf(object: Node): Pick<TextEdit, "from" | "to"> {
  return { from: object.offset + 1, to: endOf(object) - 1 };
}

/** The text between a property's key and its value. */
function colonOf(text: string, { children = [] }: Node): string {
  const [key, value] = children;
  return key && value ? text.slice(endOf(key), value.offset) : ": ";
}

/** The white space between a property and the text before it. */
function spaceBefore(text: string, { offset }: Node): string {
  return /\s*$/.exec(text.slice(0, offset))?.[0] ?? "";
}

/** The white space before the comma that follows; none when none does. */
function spaceBeforeComma(text: string, position: number): string {
  return /^\s*(?=,)/.exec(text.slice(position))?.[0] ?? "";
}
