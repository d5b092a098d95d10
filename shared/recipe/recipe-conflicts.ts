import type { SchemaIssue } from "../errors/schema-issues.ts";
import { defaultArchiveName, type ImageKind, imageKinds } from "../library/library.ts";
import { byteLength, maximumNameBytes } from "../text/path-limits.ts";

/** Files that Tinsmith itself puts on the data CD. */
export const ownCdFiles = ["guest-tools", "start-guest-tools"] as const;

const stepsRule = "must not be beside install, which has steps already";

/**
 * Finds parts of a recipe that are right one by one and can't be together: two archives of one name, an archive in
 * place of a file that the recipe reads, two files of one name on the data CD, and install steps in two places. Parts with
 * issues of their own are skipped.
 *
 * @param content the recipe, which may be anything.
 * @param set the name of its image set, which names the archives that have no name of their own.
 */
export function recipeConflicts(content: unknown, set: string | undefined): readonly SchemaIssue[] {
  return [...outputConflicts(content, set), ...cdConflicts(content), ...stepsConflicts(content)];
}

function stepsConflicts(content: unknown): readonly SchemaIssue[] {
  const steps = text(field(content, "steps"));
  if (steps === undefined || field(content, "install") === undefined) return [];
  return [{ path: ["steps"], value: steps, message: stepsRule }];
}

function outputConflicts(content: unknown, set: string | undefined): readonly SchemaIssue[] {
  const outputs = field(content, "outputs");
  const given = (image: ImageKind) => text(field(outputs, image));
  const nameOf = (image: ImageKind) =>
    given(image) ?? (set === undefined ? undefined : defaultArchiveName(set, image));
  const issues: SchemaIssue[] = [];
  const add = (image: ImageKind, message: string) =>
    issues.push({ path: ["outputs", image], value: given(image), message });
  const [setup, worker] = [nameOf("setup"), nameOf("worker")];
  if (setup !== undefined && worker !== undefined && sameName(setup, worker)) {
    const [named, other] =
      given("worker") === undefined ? (["setup", worker] as const) : (["worker", setup] as const);
    add(named, `must differ from the other image's ${other}${loosely(setup, worker)}`);
  }
  for (const image of imageKinds) {
    const name = nameOf(image);
    if (name === undefined) continue;
    if (given(image) === undefined && byteLength(name) > maximumNameBytes)
      add(image, `must be given: ${set} is too long for a name made of it`);
    const read = filesRead(content, image).find(({ path }) => sameName(normalize(path, set), name));
    if (read) add(image, `must not be a file that the recipe reads: ${read.key} names it`);
  }
  return issues;
}

interface NamedPath {
  readonly key: string;
  readonly path: string;
}

/** The files that would be lost if an image replaced them. The setup image itself may be put on the CD. */
function filesRead(content: unknown, image: ImageKind): readonly NamedPath[] {
  const paths: [key: string, value: unknown][] = [
    ["machine", field(content, "machine")],
    ["steps", field(content, "steps")],
    ["iso.path", field(field(content, "iso"), "path")],
    ["guestTools.binary", field(field(content, "guestTools"), "binary")],
    ...(image === "worker"
      ? list(field(content, "cd")).map((path, index) => [`cd.${index}`, path] as [string, unknown])
      : []),
  ];
  return paths.flatMap(([key, value]) => (typeof value === "string" ? [{ key, path: value }] : []));
}

function cdConflicts(content: unknown): readonly SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  const first = new Map<string, { readonly name: string; readonly index: number }>();
  for (const [index, value] of list(field(content, "cd")).entries()) {
    if (typeof value !== "string") continue;
    const name = baseName(value);
    const other = first.get(cdName(name));
    if (!other) first.set(cdName(name), { name, index });
    const message =
      cdNameIssue(name) ??
      (other && `must have another name on the CD than cd.${other.index}${loosely(other.name, name)}`);
    if (message !== undefined) issues.push({ path: ["cd", index], value, message });
  }
  return issues;
}

function cdNameIssue(name: string): string | undefined {
  if (["", ".", ".."].includes(name)) return "must be the path of a file";
  const own = ownCdFiles.find((file) => cdName(file) === cdName(name));
  return own && `must not be called ${own}: Tinsmith puts a file of that name on the CD${loosely(own, name)}`;
}

/** A note for two different names that are the same for some systems. */
function loosely(one: string, other: string): string {
  return one === other ? "" : " (for some systems they are the same)";
}

/** Characters that Joliet, the form of names that Windows reads, has no place for. */
const notInJoliet = /[*/:;?\\]/g;
/** Characters of a name in Joliet, with the dot before its extension. */
const jolietLength = 65;

/** A name on a CD as those systems see it that distinguish names least. */
function cdName(name: string): string {
  const plain = name.replace(notInJoliet, "_");
  const dot = plain.lastIndexOf(".");
  const extension = dot > 0 ? plain.slice(dot) : "";
  const stem = dot > 0 ? plain.slice(0, dot) : plain;
  return fold(stem.slice(0, Math.max(0, jolietLength - extension.length)) + extension);
}

function sameName(one: string, other: string): boolean {
  return fold(one) === fold(other);
}

/** File systems of macOS and Windows take names for the same that differ in case, or in how accents are spelt. */
function fold(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function baseName(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) ?? "";
}

/** A path relative to the set's folder, without detours. */
function normalize(path: string, set: string | undefined): string {
  const parts: string[] = [];
  for (const part of path.split("/").filter((one) => one !== "" && one !== "."))
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part === set && parts.length === 1 && parts[0] === "..") parts.pop();
    else parts.push(part);
  return path.startsWith("/") ? `/${parts.join("/")}` : parts.join("/");
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
