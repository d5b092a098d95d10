import type { Page } from "@playwright/test";
import { maskLine } from "./masks.ts";

/** Elements of which a record has only the box: terminals, line numbers, and views that depend on this host and its QEMU. */
const isOpaque = /^(?:generic \[aria-hidden\]|article \[box|region "QEMU command"|img "Times of the bars")/;

/** The round times above the bars, whose number depends on when something happened. */
const axis = /^(img "Times of the bars" \[box=[^\]]*\]).*/;

/** Containers without text or name, and options of a closed list. */
const isLeftOut = /^generic \[box=[^\]]*\]:?$|^option (?!.*\[selected\]).*\[box=0,0,0,0\]/;

/** Reads the window's record: a line for each role, name, text and box, indented as the accessibility tree. */
export async function recordWindow(page: Page): Promise<string> {
  return toRecord(await page.ariaSnapshot({ boxes: true, mode: "ai" }));
}

/** Makes a record of Playwright's snapshot: without its references, masked, and without elements that say nothing. */
export function toRecord(snapshot: string): string {
  const lines: string[] = [];
  /** The elements around a line. */
  const around: { readonly indent: number; readonly isKept: boolean; readonly isOpaque: boolean }[] = [];
  for (const line of snapshot.split("\n")) {
    const text = line
      .trimStart()
      .replace(/^- /, "")
      // The focus may come a moment after the rest.
      .replaceAll(/ \[(?:active|(?:ref|cursor)=[^\]]*)\]/g, "")
      .replace(axis, "$1");
    const indent = line.length - line.trimStart().length;
    while ((around.at(-1)?.indent ?? -1) >= indent) around.pop();
    const isHidden = around.at(-1)?.isOpaque ?? false;
    const isKept = !isHidden && !isLeftOut.test(text);
    if (isKept) {
      const depth = around.filter(({ isKept }) => isKept).length;
      lines.push(`${"  ".repeat(depth)}${maskBox(text)}`);
    }
    around.push({ indent, isKept, isOpaque: isHidden || isOpaque.test(text) });
  }
  return `${lines.join("\n")}\n`;
}

/** Masks a line. The place and width of a masked text in its row vary, too. */
function maskBox(text: string): string {
  const masked = maskLine(text);
  return masked === text ? text : masked.replace(/\[box=[^,]+,([^,]+),[^,]+,/, "[box=*,$1,*,");
}
