import { type Document, isMap, isNode, type Pair, stringify } from "yaml";
import { parseYaml } from "../text/yaml-text.ts";

/**
 * Sets top-level keys of a YAML text, whose other lines and comments stay as they are. An undefined value removes its key.
 *
 * @param text a YAML document that is an object, or empty
 */
export function setKeys(text: string, values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values).reduce((before, [key, value]) => setKey(before, key, value), text);
}

function setKey(text: string, key: string, value: unknown): string {
  const { document } = parseYaml(text);
  if (!document) return text;
  const line =
    value === undefined
      ? ""
      : `${key}: ${stringify(value, { collectionStyle: "flow", lineWidth: 0, blockQuote: false }).trimEnd()}`;
  const { contents } = document;
  if (isMap(contents) && contents.flow) return inFlow(document, key, value);
  const place = isMap(contents) && placeOf(contents.items, key, text);
  if (!place) return line === "" ? text : `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
  const { start, end } = place;
  if (line !== "") return text.slice(0, start) + line + text.slice(end);
  const next = text.indexOf("\n", end);
  return text.slice(0, start) + (next < 0 ? "" : text.slice(next + 1));
}

/** A text in braces has no lines of its own for its keys. */
function inFlow(document: Document, key: string, value: unknown): string {
  if (value === undefined) document.delete(key);
  else document.set(key, value);
  return document.toString({ lineWidth: 0 });
}

function placeOf(items: readonly Pair[], wanted: string, text: string) {
  const pair = items.find(({ key }) => isNode(key) && key.toJSON() === wanted);
  if (!pair || !isNode(pair.key) || !pair.key.range) return undefined;
  const [start, endOfKey] = pair.key.range;
  const end = (isNode(pair.value) && pair.value.range?.[1]) || endOfKey;
  return { start, end: start + text.slice(start, end).trimEnd().length };
}
