import type { z } from "zod";

type Schema = z.core.JSONSchema.JSONSchema;

const names: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  integer: "whole number",
  number: "number",
};

/** Names the type of a value, as in "list of texts". */
export function typeInWords({ type, items, additionalProperties, enum: values }: Schema): string {
  if (values) return `one of ${values.join(", ")}`;
  if (type === "array") return `list of ${typeInside([items].flat()[0])}s`;
  if (type === "object") return `object of ${typeInside(additionalProperties)}s`;
  return names[`${type}`] ?? "value";
}

function typeInside(schema: Schema | boolean | undefined): string {
  return typeof schema === "object" ? typeInWords(schema) : "value";
}
