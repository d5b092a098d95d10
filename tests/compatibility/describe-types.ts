import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type ESTree, parseSync } from "vite";

const project = resolve(import.meta.dirname, "../..");

/** A type that a file declares. */
interface Declaration {
  readonly file: string;
  readonly source: string;
  readonly node: ESTree.TSTypeAliasDeclaration | ESTree.TSInterfaceDeclaration;
  /** The files of the types that its file imports, by their names. */
  readonly imports: ReadonlyMap<string, string>;
}

/** The types that shared/ declares: a map for each file, by their names. */
function readDeclarations(): ReadonlyMap<string, ReadonlyMap<string, Declaration>> {
  const files = globSync("shared/**/*.ts", { cwd: project, exclude: ["**/*.test.ts"] }).sort();
  return new Map(files.map((file) => [file, declarationsIn(file)]));
}

function declarationsIn(file: string): ReadonlyMap<string, Declaration> {
  const source = readFileSync(join(project, file), "utf8");
  const { body } = parseSync(file, source).program;
  const imports = new Map(
    body.flatMap((statement) =>
      statement.type === "ImportDeclaration"
        ? statement.specifiers.map(({ local }) => [local.name, join(dirname(file), statement.source.value)])
        : [],
    ),
  );
  return new Map(
    body.flatMap((statement): [string, Declaration][] => {
      const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
      const isType = node?.type === "TSTypeAliasDeclaration" || node?.type === "TSInterfaceDeclaration";
      return isType ? [[node.id.name, { file, source, node, imports }]] : [];
    }),
  );
}

/**
 * Describes types of shared/, and those that they name: a line for each key. `run-failed.error: ErrorData` is a key of an event,
 * which has the name that its `type` says.
 */
export function describeTypes(names: readonly string[]): readonly string[] {
  const files = readDeclarations();
  const lines = new Set<string>();
  const wanted = new Set(
    [...files.values()].flatMap((types) => names.flatMap((name) => types.get(name) ?? [])),
  );
  for (const { file, source, node, imports } of wanted) {
    const textOf = ({ start, end }: ESTree.Node) => withoutComments(source.slice(start, end));
    for (const [word] of textOf(node).matchAll(/\b[A-Z]\w+/g)) {
      const named = files.get(imports.get(word) ?? file)?.get(word);
      if (named) wanted.add(named);
    }
    describeDeclaration(node, { textOf, add: (line) => lines.add(line) });
  }
  return [...lines];
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*.*?\*\/|\/\/.*?$/gms, "").replaceAll(/\s+/g, " ");
}

interface Output {
  readonly textOf: (node: ESTree.Node) => string;
  readonly add: (line: string) => unknown;
}

function describeDeclaration(node: Declaration["node"], output: Output): void {
  const { name } = node.id;
  if (node.type === "TSTypeAliasDeclaration") describe(node.typeAnnotation, name, output);
  else {
    for (const parent of node.extends) output.add(`${name} & ${output.textOf(parent)}`);
    describeMembers(node.body.body, name, output);
  }
}

function describe(node: ESTree.TSType, name: string, output: Output): void {
  if (node.type === "TSParenthesizedType") describe(node.typeAnnotation, name, output);
  else if (node.type === "TSUnionType") for (const one of node.types) describe(one, name, output);
  else if (node.type === "TSIntersectionType") {
    const event = node.types.map(eventOf).find((one) => one !== undefined);
    for (const one of node.types) describe(one, event ?? name, output);
  } else if (node.type === "TSTypeLiteral") describeMembers(node.members, eventOf(node) ?? name, output);
  else output.add(`${name} & ${output.textOf(node)}`);
}

function describeMembers(members: readonly ESTree.TSSignature[], name: string, output: Output): void {
  for (const member of members) {
    if (member.type !== "TSPropertySignature" || !member.typeAnnotation) continue;
    const mark = member.optional ? "?" : "";
    const type = output.textOf(member.typeAnnotation.typeAnnotation);
    output.add(`${name}.${output.textOf(member.key)}${mark}: ${type}`);
  }
}

/** The name of the event that a type is of: that of its `type`. */
function eventOf(node: ESTree.TSType): string | undefined {
  if (node.type !== "TSTypeLiteral") return undefined;
  for (const member of node.members) {
    const isType =
      member.type === "TSPropertySignature" && "name" in member.key && member.key.name === "type";
    const type = isType ? member.typeAnnotation?.typeAnnotation : undefined;
    if (type?.type === "TSLiteralType" && "value" in type.literal) return String(type.literal.value);
  }
  return undefined;
}
