import { isMap, parseDocument } from "yaml";
import { z } from "zod";
import { recipeSchema } from "../../../../shared/recipe/recipe.ts";
import { placeAt, type YamlPlace } from "./yaml-place.ts";

/** The parts of a JSON schema that a recipe's has. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
}

const schema = z.toJSONSchema(recipeSchema, { io: "input" }) as Schema;

/** A completion at a place of a recipe. */
export interface RecipeWord {
  readonly word: string;
  readonly help: string;
  readonly isKey: boolean;
}

interface Suggestions {
  /** The start of the text that they replace. */
  readonly from: number;
  readonly words: readonly RecipeWord[];
}

/** Suggests completions at a position. */
export function suggestInRecipe(text: string, position: number): Suggestions {
  const { path, kind, from } = placeAt(text, position);
  return { from, words: kind === "key" ? keysAt(text, path) : valuesAt(path) };
}

interface Explanation {
  readonly from: number;
  readonly to: number;
  readonly help: string;
}

/** Explains the key at a position. */
export function explainInRecipe(text: string, position: number): Explanation | undefined {
  const from = position - (/[\w-]*$/.exec(text.slice(0, position))?.[0].length ?? 0);
  const [word] = /^[\w-]+(?=:)/.exec(text.slice(from)) ?? [];
  const { path, kind } = placeAt(text, from);
  if (kind === "value" || word === undefined) return undefined;
  const help = propertiesAt(path)[word]?.description;
  return help === undefined ? undefined : { from, to: from + word.length, help };
}

function keysAt(text: string, path: YamlPlace["path"]): readonly RecipeWord[] {
  // In lists each item is a map of its own, and which one this is the path does not say.
  const owner = path.includes(0) ? undefined : parseDocument(text, { logLevel: "silent" }).getIn(path, true);
  const isGiven = (key: string) => isMap(owner) && owner.has(key);
  return Object.entries(propertiesAt(path))
    .filter(([key]) => !isGiven(key))
    .map(([word, { description = "" }]) => ({ word, help: description, isKey: true }));
}

function valuesAt(path: YamlPlace["path"]): readonly RecipeWord[] {
  return schemasAt(path).flatMap(({ type, description: help = "", default: usual }) => {
    const words =
      type === "boolean" ? ["true", "false"] : /string|number/.test(typeof usual) ? [`${usual}`] : [];
    return words.map((word) => ({ word, help, isKey: false }));
  });
}

/** The keys of a map, of all forms that it may have. */
function propertiesAt(path: YamlPlace["path"]): Readonly<Record<string, Schema>> {
  return Object.assign({}, ...schemasAt(path).map(({ properties }) => properties));
}

function schemasAt(path: YamlPlace["path"]): readonly Schema[] {
  return path.reduce(
    (found, step) => found.flatMap((one) => formsOf(step === 0 ? one.items : one.properties?.[step])),
    formsOf(schema),
  );
}

function formsOf(one: Schema | undefined): readonly Schema[] {
  return one ? (one.anyOf ?? [one]) : [];
}
