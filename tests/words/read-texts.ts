import { type ESTree, parseSync } from "vite";

/** A text of a source that a person may read, with `{}` for each value in it. */
interface Text {
  readonly line: number;
  readonly text: string;
}

type Node = ESTree.Node;

/** Imports and types: their strings are names. */
const withoutTexts =
  /^(?:ImportDeclaration|ExportAllDeclaration|TSInterfaceDeclaration|TSTypeAliasDeclaration)$/;

/** The strings, templates and JSX texts of a source. Spaces are joined as a browser does. @param name for its kind */
export function readTexts(name: string, source: string): readonly Text[] {
  const { program, errors } = parseSync(name, source);
  if (errors.length > 0) throw new Error(`${name}: ${errors[0]?.message}`);
  const found: Text[] = [];
  const add = ({ start }: Node, text: string) => {
    const line = source.slice(0, start).split("\n").length;
    found.push({ line, text: text.replace(/\s+/g, " ").trim() });
  };
  const visit = (node: Node) => {
    if (withoutTexts.test(node.type) || isClassName(node)) return;
    const text = textOf(node);
    if (text !== undefined) add(node, text);
    for (const child of childrenOf(node)) if (!isPartOf(node, child)) visit(child);
  };
  visit(program);
  return found.filter(({ text }) => text !== "");
}

function isClassName(node: Node): boolean {
  return node.type === "JSXAttribute" && node.name.name === "className";
}

function textOf(node: Node): string | undefined {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? node.value : undefined;
    case "TemplateLiteral":
      return node.quasis.map(({ value }) => value.cooked ?? "").join("{}");
    case "BinaryExpression": {
      if (node.operator !== "+") return undefined;
      const sides = [textOf(node.left), textOf(node.right)];
      return sides.every((side) => side === undefined)
        ? undefined
        : sides.map((side) => side ?? "{}").join("");
    }
    case "JSXElement":
    case "JSXFragment":
      return node.children.map(textOfChild).join("");
    default:
      return undefined;
  }
}

/** The tags that stand within a sentence. */
const inline: readonly string[] = ["a", "b", "code", "em", "i", "kbd", "span", "strong"];

function textOfChild(node: Node): string {
  if (node.type === "JSXText") return node.value;
  if (node.type === "JSXExpressionContainer") return textOf(node.expression) ?? "{}";
  const { name } = node.type === "JSXElement" ? node.openingElement : {};
  return (name?.type === "JSXIdentifier" && inline.includes(name.name) && textOf(node)) || "{}";
}

/** Whether a text has the child's text already. */
function isPartOf(node: Node, child: Node): boolean {
  return child.type === "JSXText" || (node.type === "BinaryExpression" && textOf(child) !== undefined);
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
