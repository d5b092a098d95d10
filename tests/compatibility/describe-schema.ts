import { z } from "zod";

/** The part of JSON Schema that Zod makes of Tinsmith's schemas. */
interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
}

const limits = /^(?:exclusive)?(?:min|max)|^pattern$|^format$/i;

/**
 * Describes the data that a schema takes: a line for each key, kind, value, default and limit.
 *
 * `x: string` is the kind of a value, `x = "a"` one of its values, `x (required)` a key that must be there, `x only these keys` an object
 * that takes no others.
 */
export function describeSchema(schema: z.ZodType): readonly string[] {
  const lines = new Set<string>();
  describe(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema, "", lines);
  return [...lines];
}

function describe(schema: JsonSchema, path: string, lines: Set<string>): void {
  const { type, enum: values = "const" in schema ? [schema.const] : [], properties = {} } = schema;
  const { required = [], additionalProperties, items, prefixItems = [] } = schema;
  const here = path || "(all)";
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  for (const variant of variants) describe(variant, `${path}${nameOf(variant)}`, lines);
  for (const value of values) lines.add(`${here} = ${JSON.stringify(value)}`);
  // Such as a value of JSON, in which there are others.
  if (schema.$ref !== undefined) lines.add(`${here}: any of the above`);
  else if (values.length === 0 && variants.length === 0) lines.add(`${here}: ${type ?? "any"}`);
  if (schema.default !== undefined) lines.add(`${here} default ${JSON.stringify(schema.default)}`);
  const limited = Object.entries(schema).filter(([key]) => limits.test(key));
  if (limited.length > 0) lines.add(`${here} limits ${JSON.stringify(Object.fromEntries(limited))}`);
  if (additionalProperties === false) lines.add(`${here} only these keys`);
  for (const [key, value] of Object.entries(properties)) {
    const below = path === "" ? key : `${path}.${key}`;
    if (required.includes(key)) lines.add(`${below} (required)`);
    describe(value, below, lines);
  }
  if (typeof additionalProperties === "object") describe(additionalProperties, `${path}.*`, lines);
  if (items) describe(items, `${path}[]`, lines);
  for (const [index, item] of prefixItems.entries()) describe(item, `${path}[${index}]`, lines);
}

/** Tells the objects of a union apart: by the values that only one has, or else by the keys that they must have. */
function nameOf({ properties, required = [] }: JsonSchema): string {
  if (!properties) return "";
  const values = Object.entries(properties).flatMap(([key, value]) =>
    value.const === undefined || key === "version" ? [] : [`${key}=${value.const}`],
  );
  return `<${(values.length > 0 ? values : required).join()}>`;
}
