import {
  type CompletionItem,
  getLanguageService,
  type JSONSchema,
  type Range,
  TextDocument,
} from "vscode-json-languageservice";
import { z } from "zod";
import { machineSchemaVersion0 } from "../../../../shared/machine/machine-migrate.ts";
import { machineSchema } from "../../../../shared/machine/machine-schema.ts";
import type { TextEdit } from "./json-edit.ts";
import { indentOf, versionOf } from "./machine-definition.ts";

const service = getLanguageService({
  clientCapabilities: {
    textDocument: {
      completion: { completionItem: { documentationFormat: ["plaintext"] } },
      hover: { contentFormat: ["plaintext"] },
    },
  },
});

const names = { 0: "machine:/version-0.json", 1: "machine:/version-1.json" } as const;

/** The one schema of each version, as the service takes it. */
export const machineJsonSchemas = {
  0: jsonSchema(machineSchemaVersion0),
  1: withDefaults(jsonSchema(machineSchema)),
} as const;

service.configure({
  schemas: ([0, 1] as const).map((version) => ({
    uri: `schema:/version-${version}`,
    fileMatch: [names[version]],
    schema: machineJsonSchemas[version],
  })),
});

function jsonSchema(schema: z.ZodType): JSONSchema {
  return z.toJSONSchema(schema, { io: "input" }) as JSONSchema;
}

/** Tells the default where the service shows the description. Written as Markdown, it is left as it is. */
function withDefaults(schema: JSONSchema): JSONSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    if (typeof value === "boolean") return [key, value];
    const usual = value.default === undefined ? "" : ` Default: ${JSON.stringify(value.default)}.`;
    const description = `${value.description}${usual}`;
    return [key, { ...value, description, markdownDescription: description }];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

interface Suggestion {
  readonly item: CompletionItem;
  /** The part of the text that it replaces. */
  readonly from: number;
  readonly to: number;
  /** The text to insert, with `#{1}` and the like for the parts to fill in. */
  readonly template: string;
}

/** Suggests completions at a place of a machine definition. */
export async function suggest(text: string, position: number): Promise<readonly Suggestion[]> {
  const { document, tree } = read(text);
  const list = await service.doComplete(document, document.positionAt(position), tree);
  return (list?.items ?? []).flatMap((item) => {
    if (!item.textEdit || !("range" in item.textEdit)) return [];
    const { range, newText } = item.textEdit;
    return { item, ...offsets(document, range), template: newText.replaceAll(/\$(\d+)/g, "#{$1}") };
  });
}

interface Explanation {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Explains the part of a machine definition at a place. */
export async function explain(text: string, position: number): Promise<Explanation | undefined> {
  const { document, tree } = read(text);
  const hover = await service.doHover(document, document.positionAt(position), tree);
  if (!hover?.range) return undefined;
  const lines = [hover.contents]
    .flat()
    .map((part): string => (typeof part === "string" ? part : part.value))
    .filter(Boolean);
  return lines.length > 0 ? { ...offsets(document, hover.range), lines } : undefined;
}

/** The edits that put each value on a line of its own, with the text's indentation. */
export function formatJson(text: string): readonly TextEdit[] {
  const { document } = read(text);
  const indent = indentOf(text);
  const options = { tabSize: indent.length, insertSpaces: !indent.includes("\t"), insertFinalNewline: true };
  const edits = service.format(document, undefined, options);
  return edits.map(({ range, newText }) => ({ ...offsets(document, range), insert: newText }));
}

function read(text: string) {
  const document = TextDocument.create(names[versionOf(text)], "json", 1, text);
  return { document, tree: service.parseJSONDocument(document) };
}

function offsets(document: TextDocument, { start, end }: Range) {
  return { from: document.offsetAt(start), to: document.offsetAt(end) };
}
