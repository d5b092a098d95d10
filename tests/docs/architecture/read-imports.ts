import { dirname, join } from "node:path";
import { parseSync } from "vite";
import { childrenOf, type SyntaxNode } from "../../syntax-tree.ts";

/** An import within an expression or a type: only then must the whole source be looked through, which takes long. */
const otherForms = /\bimport\b(?!\.meta|\s*[\w{*"'])|\brequire\b/;

/**
 * The files that a source imports, by their paths in the project, in whatever form. A path that a value completes ends where
 * the value begins.
 */
export function importsIn(file: string, text: string): readonly string[] {
  const parsed = parseSync(file, text);
  const { staticImports, staticExports } = parsed.module;
  const paths = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
  ];
  const visit = (node: SyntaxNode) => {
    paths.push(importedPath(node) ?? "");
    for (const child of childrenOf(node)) visit(child);
  };
  if (otherForms.test(text)) visit(parsed.program);
  return [...new Set(paths)].filter((path) => path.startsWith(".")).map((path) => join(dirname(file), path));
}

/** The path of an import that is not a declaration of its own. */
function importedPath(node: SyntaxNode): string | undefined {
  if (node.type === "ImportExpression" || node.type === "TSImportType") return textOf(node.source);
  if (node.type === "TSExternalModuleReference") return textOf(node.expression);
  const isRequire =
    node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "require";
  return isRequire ? textOf(node.arguments[0]) : undefined;
}

function textOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === "Literal") return String(node.value);
  return node?.type === "TemplateLiteral" ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
}
