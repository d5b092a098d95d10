import { isMap, parseDocument } from "yaml";
import { z } from "zod";
import { placeAt, type YamlPlace } from "./yaml-place.ts";

/** The parts of a JSON schema that help with a text. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
}

/** A completion at a place of a YAML text. */
export interface YamlWord {
  readonly word: string;
  readonly help: string;
  readonly isKey: boolean;
}

interface Suggestions {
  /** The start of the text that they replace. */
  readonly from: number;
  readonly words: readonly YamlWord[];
}

interface Explanation {
  readonly from: number;
  readonly to: number;
  readonly help: string;
}

/** The help of a schema for the YAML texts that it is for. */
export interface YamlHelp {
  /** Suggests completions at a position. */
  readonly suggest: (text: string, position: number) => Suggestions;
  /** Explains the key at a position. */
  readonly explain: (text: string, position: number) => Explanation | undefined;
}

export function createYamlHelp(source: z.ZodType): YamlHelp {
  const schema = z.toJSONSchema(source, { io: "input" }) as Schema;
  return {
    suggest: (text, position) => {
      const { path, kind, from } = placeAt(text, position);
      return { from, words: kind === "key" ? keysAt(schema, text, path) : valuesAt(schema, path) };
    },
    explain: (text, position) => {
      const from = position - (/[\w-]*$/.exec(text.slice(0, position))?.[0].length ?? 0);
      const [word] = /^[\w-]+(?=:)/.exec(text.slice(from)) ?? [];
      const { path, kind } = placeAt(text, from);
      if (kind === "value" || word === undefined) return undefined;
      const help = propertiesAt(schema, path)[word]?.description;
      return help === undefined ? undefined : { from, to: from + word.length, help };
    },
  };
}

function keysAt(schema: Schema, text: string, path: YamlPlace["path"]): readonly YamlWord[] {
  // In lists each item is a map of its own, and which one this is the path does not say.
  const owner = path.includes(0) ? undefined : parseDocument(text, { logLevel: "silent" }).getIn(path, true);
  const isGiven = (key: string) => isMap(owner) && owner.has(key);
  return Object.entries(propertiesAt(schema, path))
    .filter(([key]) => !isGiven(key))
    .map(([word, { description = "" }]) => ({ word, help: description, isKey: true }));
}

function valuesAt(schema: Schema, path: YamlPlace["path"]): readonly YamlWord[] {
  const words = schemasAt(schema, path).flatMap((one) =>
    wordsOf(one).map((word) => ({ word, help: one.description ?? "", isKey: false })),
  );
  return words.filter(({ word }, index) => words.findIndex((other) => other.word === word) === index);
}

function wordsOf({ type, enum: choices, const: only, default: usual }: Schema): readonly string[] {
  if (choices) return choices.map(String);
  if (only !== undefined) return [`${only}`];
  if (type === "boolean") return ["true", "false"];
  return /string|number/.test(typeof usual) ? [`${usual}`] : [];
}

/** The keys of a map, of all forms that it may have. */
function propertiesAt(schema: Schema, path: YamlPlace["path"]): Readonly<Record<string, Schema>> {
  return Object.assign({}, ...schemasAt(schema, path).map(({ properties }) => properties));
}

function schemasAt(schema: Schema, path: YamlPlace["path"]): readonly Schema[] {
  return path.reduce(
    (found, step) => found.flatMap((one) => formsOf(step === 0 ? one.items : one.properties?.[step])),
    formsOf(schema),
  );
}

function formsOf(one: Schema | undefined): readonly Schema[] {
  return one ? (one.anyOf ?? [one]) : [];
}
