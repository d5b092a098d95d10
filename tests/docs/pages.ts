import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout whose pages these are. */
export const project = resolve(import.meta.dirname, "../..");

/** A page for people. */
export interface Page {
  /** From the checkout's top, such as `docs/cli.md`. */
  readonly path: string;
  readonly text: string;
}

/** All pages that are written by hand, or made for the docs. */
export function readPages(): readonly Page[] {
  return globSync(["*.md", "docs/*.md", "images/*/README.md"], { cwd: project })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(project, path), "utf8") }));
}
