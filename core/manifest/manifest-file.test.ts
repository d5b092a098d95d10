import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  type ManifestFacts,
  manifestPath,
  readManifest,
  removeManifest,
  writeManifest,
} from "./manifest-file.ts";

const digest = "5f".repeat(32);

function newArchive(): string {
  const folder = mkdtempSync(join(tmpdir(), "manifest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "worker.tar.lz4");
}

function write(path: string, facts: ManifestFacts = { kind: "worker" }): void {
  writeManifest({ path, format: "lz4", size: 3, digest }, facts, { entries: [], problems: [] });
}

test("a manifest is read as it was written, is a text for people, and goes with its archive", () => {
  const path = newArchive();
  expect(readManifest(path)).toBeUndefined();
  const facts: ManifestFacts = {
    kind: "change",
    recipe: { set: "small", sha256: digest },
    session: "20261125-165854-d670",
    inputs: [{ kind: "tool", name: "QEMU", digest: "missing" }],
    tools: { QEMU: "7.2.22" },
    origin: {
      name: "other.tar.lz4",
      sha256: digest,
      changes: [{ path: "/disk.img/etc/motd", change: "replaced", size: 1, sha256: digest }],
    },
  };
  writeManifest({ path, format: "lz4", size: 3, digest }, facts);
  expect(readManifest(path)).toMatchObject({
    ...facts,
    archive: { name: "worker.tar.lz4", size: 3, sha256: digest },
    made: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(readManifest(path)?.files).toBeUndefined();
  const keys = Object.keys(JSON.parse(readFileSync(manifestPath(path), "utf8")));
  expect(keys).toEqual([
    "version",
    "archive",
    "kind",
    "made",
    "recipe",
    "session",
    "origin",
    "inputs",
    "tools",
  ]);
  removeManifest(path);
  expect(existsSync(manifestPath(path))).toBe(false);
  removeManifest(path);
});

test("no path of this host is in it", () => {
  const path = newArchive();
  const digest = "missing";
  write(path, {
    kind: "worker",
    inputs: [
      { kind: "cd-file", name: "/home/person/secret/setup.sh", digest },
      { kind: "cd-file", name: "../tinycore/worker.sh", digest },
    ],
  });
  expect(readManifest(path)?.inputs.map(({ name }) => name)).toEqual(["setup.sh", "../tinycore/worker.sh"]);
  expect(readFileSync(manifestPath(path), "utf8")).not.toContain(join(path, ".."));
});

test("a damaged one is replaced, and a newer Tinsmith's is left and refused", () => {
  const path = newArchive();
  writeFileSync(manifestPath(path), '{"version": 1, "archive"');
  expect(() => readManifest(path)).toThrow("is damaged, and can't be read as the manifest of an archive");
  write(path);
  expect(readManifest(path)?.files?.entries).toBe(0);
  const newer = '{"version": 2}';
  writeFileSync(manifestPath(path), newer);
  expect(() => readManifest(path)).toThrow("holds the manifest of an archive of version 2");
  expect(() => write(path)).toThrow("version 2");
  expect(readFileSync(manifestPath(path), "utf8")).toBe(newer);
});
