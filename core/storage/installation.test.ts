import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findInstallation, installation, ownWorkspace } from "./installation.ts";
import { findPaths } from "./paths.ts";

const project = resolve(import.meta.dirname, "../..");

/** A folder with these files. */
function lay(...files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "installation-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `what ${file} holds\n`);
  }
  return folder;
}

function makePackage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "tinsmith", version: "1.2.3" }));
}

test("a checkout runs its sources, and builds the guest tools from theirs", () => {
  expect(installation).toMatchObject({
    isCheckout: true,
    commandLine: join(project, "cli/main.ts"),
    renderer: join(project, "dist/renderer"),
    images: join(project, "images"),
    guestTools: { sources: join(project, "guest") },
  });
  expect(ownWorkspace(findPaths({ TINSMITH_HOME: "/nowhere" }))).toBe(join(project, "images"));
});

test("a package runs its bundle, and has guest tools that are built already", () => {
  const folder = lay("dist/cli/tinsmith.mjs", "images/microcore/recipe.yaml");
  makePackage(folder);
  expect(findInstallation(join(folder, "dist/cli"))).toEqual({
    isCheckout: false,
    commandLine: join(folder, "dist/cli/tinsmith.mjs"),
    bundle: join(folder, "dist/cli/tinsmith.mjs"),
    renderer: join(folder, "dist/renderer"),
    images: join(folder, "images"),
    guestTools: { binary: join(folder, "guest-tools/guest-tools") },
    version: "1.2.3",
  });
});

test("all but the main process lies beside the app's archive", () => {
  const folder = lay("images/microcore/recipe.yaml");
  makePackage(join(folder, "app.asar"));
  mkdirSync(join(folder, "app.asar/dist/electron"), { recursive: true });
  expect(findInstallation(join(folder, "app.asar/dist/electron"))).toMatchObject({
    commandLine: join(folder, "dist/cli/tinsmith.mjs"),
    bundle: join(folder, "dist/cli/tinsmith.mjs"),
    renderer: join(folder, "dist/renderer"),
    images: join(folder, "images"),
    guestTools: { binary: join(folder, "guest-tools/guest-tools") },
  });
});

test("another program's package.json in between is passed over", () => {
  const folder = lay("node_modules/other/file.js");
  makePackage(folder);
  writeFileSync(join(folder, "node_modules/other/package.json"), JSON.stringify({ name: "other" }));
  expect(findInstallation(join(folder, "node_modules/other")).renderer).toBe(join(folder, "dist/renderer"));
});

test("a package's image sets are copied to the user's own folder, and what already exists stays", () => {
  const folder = lay("images/microcore/recipe.yaml", "images/tinycore/recipe.yaml");
  makePackage(folder);
  const packaged = findInstallation(folder);
  const paths = findPaths({ TINSMITH_HOME: join(folder, "home") });
  const workspace = ownWorkspace(paths, packaged);
  expect(workspace).toBe(join(folder, "home/images"));
  expect(readdirSync(workspace).sort()).toEqual(["microcore", "tinycore"]);
  const recipe = join(workspace, "microcore/recipe.yaml");
  writeFileSync(recipe, "changed\n");
  rmSync(join(workspace, "tinycore"), { recursive: true });
  ownWorkspace(paths, packaged);
  expect(readFileSync(recipe, "utf8")).toBe("changed\n");
  // Such as one that a later version brings.
  expect(readdirSync(workspace).sort()).toEqual(["microcore", "tinycore"]);
});
