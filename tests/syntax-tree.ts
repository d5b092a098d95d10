import { type ESTree, parseSync } from "vite";

/** A node of a source's syntax tree. */
export type SyntaxNode = ESTree.Node;

/** Parses a source. @param name its path, whose ending says its language */
export function parseSource(name: string, source: string): SyntaxNode {
  return parseSync(name, source).program;
}

/** The nodes right below a node. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter(isNode),
  );
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value;
}
