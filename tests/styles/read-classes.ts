import { childrenOf, parseSource, type SyntaxNode } from "../syntax-tree.ts";

/** Class names of a source; one that ends in "-" is the beginning of one that a value completes. */
export function classesInSource(name: string, source: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: SyntaxNode, isInClass: boolean) => {
    const isClass = isInClass || namesClasses(node);
    if (isClass) for (const word of wordsOf(node)) found.add(word);
    for (const child of childrenOf(node)) visit(child, isClass);
  };
  visit(parseSource(name, source), false);
  return found;
}

/** Class names in a style sheet's selectors. */
export function classesInSelector(selector: string): readonly string[] {
  return [...selector.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = ""]) => name);
}

function namesClasses(node: SyntaxNode): boolean {
  if (node.type === "JSXAttribute") return /[cC]lassName$/.test(String(node.name.name));
  if (node.type === "AssignmentExpression")
    return (
      node.left.type === "MemberExpression" &&
      node.left.property.type === "Identifier" &&
      node.left.property.name === "className"
    );
  return (
    node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "classNames"
  );
}

function wordsOf(node: SyntaxNode): readonly string[] {
  if (node.type === "Literal" && typeof node.value === "string") return node.value.split(/\s+/);
  if (node.type !== "TemplateLiteral") return [];
  const text = node.quasis.map(({ value }) => value.cooked ?? "").join("\0");
  return text.split(/\s+/).map((word) => word.replace(/\0.*$/, ""));
}
