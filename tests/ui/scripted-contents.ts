import { writeFileSync } from "node:fs";
import { implement } from "@orpc/server";
import type { ImageComparison } from "../../shared/contents/compare-lists.ts";
import type { ContentEntry } from "../../shared/contents/entry.ts";
import type { FolderContent } from "../../shared/contents/folder-content.ts";
import { mayHoldFiles } from "../../shared/contents/holds-files.ts";
import type { Preview } from "../../shared/contents/preview.ts";
import { sendErrors } from "../../shared/contracts/calls.ts";
import { contentsContract } from "../../shared/contracts/contents-contract.ts";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { Manifest } from "../../shared/library/manifest.ts";
import type { Finding } from "../../shared/library/verification.ts";
import { writeSampleArchive } from "./sample-archive.ts";

/** An entry of a scripted image: its metadata, and its content or its files. */
export interface ScriptedEntry extends Partial<Omit<ContentEntry, "path" | "name">> {
  /** A text is one; bytes are a dump, or a picture. */
  readonly content?: string | Buffer;
  readonly pictureType?: "image/png";
  readonly files?: Readonly<Record<string, ScriptedEntry>>;
  readonly system?: Partial<FolderContent["system"]>;
  readonly parts?: FolderContent["parts"];
  readonly isCut?: boolean;
  /** In place of its files or its content. */
  readonly error?: ErrorData;
  /** In place of what a search finds, until a person has said that the image may be unpacked. */
  readonly searchError?: ErrorData;
}

/** The contents of images, as a test has scripted them. */
export interface ScriptedContents {
  /** Puts files into an image, in place of those that were in it. */
  leave(image: string, top: ScriptedEntry): void;
  /** Changes an entry that is in an image. */
  change(image: string, path: string, changed: ScriptedEntry): void;
  /** Gives the images a manifest. @param findings of its verification */
  leaveManifest(manifest: Manifest, findings: readonly Finding[]): void;
  /** The choices of the last import or export of a disk. */
  lastMoved(): Readonly<Record<string, string | undefined>>;
  /** Sets the answer to each comparison. */
  compareAs(compared: ImageComparison): void;
  /** Holds all answers back that are asked for from now on. @returns a function that gives them */
  hold(): () => void;
}

const time = Date.UTC(2026, 10, 3, 14, 3);

export function createScriptedContents() {
  const images = new Map<string, ScriptedEntry>();
  let compared: ImageComparison = { comparison: { changes: [], growth: 0 }, problems: [] };
  let made: { readonly manifest: Manifest; readonly findings: readonly Finding[] } | undefined;
  let moved: Readonly<Record<string, string | undefined>> = {};
  let held: Promise<void> = Promise.resolve();
  const find = (image: string, path: string): ScriptedEntry => {
    const names = path.split("/").filter((name) => name !== "");
    const found = names.reduce<ScriptedEntry | undefined>(
      (entry, name) => entry?.files?.[name],
      images.get(image),
    );
    if (found?.error) throw new AppError(found.error);
    if (found) return found;
    throw new AppError({ code: "missing-file", message: `${image} has no ${path}` });
  };
  const api = implement(contentsContract).use(async ({ next }, _input, output) =>
    output(await sendErrors({ next: async () => (await next()).output })),
  );
  const router = api.router({
    confirmUnpacking: api.confirmUnpacking.handler(async ({ input: { image } }) => {
      const { error: _, searchError: __, ...rest } = images.get(image) ?? {};
      images.set(image, rest);
    }),
    list: api.list.handler(async ({ input: { image, path } }) => {
      await held;
      return listed(find(image, path), path);
    }),
    preview: api.preview.handler(async ({ input: { image, path } }) => {
      await held;
      return previewOf(find(image, path));
    }),
    search: api.search.handler(async function* ({ input: { image, text, in: part } }) {
      const searchError = images.get(image)?.searchError;
      if (searchError) throw new AppError(searchError);
      const found = walk(images.get(image) ?? {}, "").filter(({ entry, content }) =>
        part === "names" ? entry.name.includes(text) : `${content ?? ""}`.includes(text),
      );
      const entries = found.map(({ entry }) => entry);
      yield entries.slice(0, 1);
      await held;
      yield entries;
      return { isWhole: text !== "e" };
    }),
    save: api.save.handler(async function* ({ input: { image, path, target } }) {
      const content = Buffer.from(find(image, path).content ?? "a tar archive");
      yield { bytes: 1 };
      await held;
      writeFileSync(target, content);
      return { bytes: content.length };
    }),
    manifest: api.manifest.handler(async () => {
      await held;
      return made?.manifest ?? null;
    }),
    verify: api.verify.handler(async ({ input: { image } }) => {
      await held;
      return { archive: image, findings: made?.findings ?? [] };
    }),
    importDisk: api.importDisk.handler(async function* ({ input: { disk, machine, target } }) {
      yield { bytes: 40, total: 100 };
      await held;
      moved = { disk, machine, target };
      await writeSampleArchive(target);
      return { path: target, bytes: 12_100_000, notes: [] };
    }),
    exportDisk: api.exportDisk.handler(async ({ input }) => {
      await held;
      moved = input;
      return { bytes: 48_200_000 };
    }),
    compare: api.compare.handler(async ({ input: { first } }) => {
      await held;
      find(first, "/");
      return compared;
    }),
  });
  const contents: ScriptedContents = {
    leave: (image, top) => void images.set(image, top),
    change: (image, path, changed) => {
      const before = images.get(image);
      if (before) images.set(image, withChange(before, path.split("/").slice(1), changed));
    },
    lastMoved: () => moved,
    leaveManifest: (manifest, findings) => {
      made = { manifest, findings };
    },
    compareAs: (next) => {
      compared = next;
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
  };
  return { router, contents };
}

function describeEntry(name: string, folder: string, entry: ScriptedEntry): ContentEntry {
  const {
    content,
    pictureType: _,
    files,
    system: __,
    parts: ___,
    isCut: ____,
    error: _____,
    searchError: ______,
    ...given
  } = entry;
  const { size = content?.length ?? 0 } = given;
  const isFolder = files !== undefined && !mayHoldFiles(name);
  return {
    path: `${folder === "/" ? "" : folder}/${name}`,
    name,
    kind: isFolder ? "folder" : "file",
    mode: isFolder ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    modified: time,
    size,
    allocated: Math.ceil(size / 4096) * 4096,
    links: 1,
    mayHoldFiles: !isFolder && mayHoldFiles(name),
    ...given,
  };
}

function withChange(
  entry: ScriptedEntry,
  [name, ...names]: readonly string[],
  changed: ScriptedEntry,
): ScriptedEntry {
  if (name === undefined) {
    const { error: _, ...rest } = entry;
    return { ...rest, ...changed };
  }
  const files = { ...entry.files, [name]: withChange(entry.files?.[name] ?? {}, names, changed) };
  return { ...entry, files };
}

function listed({ files = {}, system, parts, isCut = false }: ScriptedEntry, path: string): FolderContent {
  return {
    entries: Object.entries(files).map(([name, entry]) => describeEntry(name, path, entry)),
    isCut,
    system: { format: "ext4", label: "", notes: [], ...system },
    ...(parts && { parts }),
  };
}

function previewOf({ content = "", pictureType, size = content.length }: ScriptedEntry): Preview {
  if (typeof content === "string") return { kind: "text", size, text: content, isCut: size > content.length };
  const bytes = content.toString("base64");
  if (pictureType) return { kind: "picture", size, type: pictureType, bytes };
  return { kind: "bytes", size, bytes, isCut: size > content.length };
}

function walk(
  { files = {} }: ScriptedEntry,
  folder: string,
): readonly { readonly entry: ContentEntry; readonly content?: string | Buffer | undefined }[] {
  return Object.entries(files).flatMap(([name, inner]) => {
    const entry = describeEntry(name, folder, inner);
    return [{ entry, content: inner.content }, ...walk(inner, entry.path)];
  });
}
