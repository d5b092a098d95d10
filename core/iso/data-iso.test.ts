import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { prepareGuestTools } from "../builder/prepare-guest-tools.ts";
import { makeDataIso } from "./data-iso.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-cd-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function xorriso(iso: string, ...command: string[]): string {
  return execFileSync("xorriso", ["-indev", iso, ...command], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

test("the data CD holds the files, executable and owned by root, in the volume that guests look for", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "setup-script"), "#!/bin/sh\n", { mode: 0o600 });
  const iso = await makeDataIso(
    [
      { name: "setup.sh", from: join(folder, "setup-script") },
      { name: "start-guest-tools", text: "#!/bin/sh\nexec true\n" },
    ],
    folder,
  );
  expect(xorriso(iso, "-pvd_info")).toMatch(/Volume Id +: DATA_VOLUME/);
  const listing = xorriso(iso, "-lsl", "/").trimEnd().split("\n").slice(1);
  expect(listing).toHaveLength(2);
  expect(listing[0]).toMatch(/^-r-xr-xr-x +1 0 +0 +10 .* 'setup.sh'$/);
  expect(listing[1]).toMatch(/^-r-xr-xr-x +1 0 +0 +20 .* 'start-guest-tools'$/);
});

test("the program prints its name, and nothing else, if it succeeds", async () => {
  let printed = "";
  await makeDataIso([{ name: "setup.sh", text: "#!/bin/sh\n" }], newFolder(), async ([program, ...args]) => {
    printed = spawnSync(program, args, { encoding: "utf8" }).stderr;
    return "";
  });
  expect(printed.trim().split("\n")).toEqual([expect.stringContaining("xorriso")]);
});

test("a file may be a link, and its name may have the marks of xorriso's own notation", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "a=b"), "content");
  symlinkSync(join(folder, "a=b"), join(folder, "link"));
  const iso = await makeDataIso([{ name: "c\\d=e f", from: join(folder, "link") }], folder);
  expect(xorriso(iso, "-lsl", "/")).toMatch(/^-r-xr-xr-x +1 0 +0 +7 .* 'c\\d=e f'$/m);
});

test("a file's name may begin as an option of xorriso does", async () => {
  const folder = newFolder();
  const iso = await makeDataIso([{ name: "-o.sh", text: "#!/bin/sh\n" }], folder);
  expect(xorriso(iso, "-lsl", "/")).toMatch(/^-r-xr-xr-x +1 0 +0 +10 .* '-o.sh'$/m);
});

test("the same files give the same bytes, whenever it is made", async () => {
  const make = async (mtime: number) => {
    const folder = newFolder();
    const script = join(folder, "setup.sh");
    writeFileSync(script, "#!/bin/sh\n");
    utimesSync(script, mtime, mtime);
    return readFileSync(await makeDataIso([{ name: "setup.sh", from: script }], folder));
  };
  expect((await make(1_000_000_000)).equals(await make(1_700_000_000))).toBe(true);
});

test("guest tools of one's own are built in the recipe's folder and started with their own arguments", async () => {
  const [recipeFolder, folder] = [newFolder(), newFolder()];
  mkdirSync(join(recipeFolder, "src"));
  const tools = {
    build: ["sh", "-c", "echo tools > src/worker"] as [string, ...string[]],
    binary: "src/worker",
    run: ["qemu-guest-tools", "--name", "it's"],
  };
  expect(await prepareGuestTools(tools, { recipeFolder, folder })).toEqual([
    { name: "guest-tools", from: join(recipeFolder, "src/worker") },
    {
      name: "start-guest-tools",
      text: `#!/bin/sh\nexec /opt/guest-tools qemu-guest-tools --name 'it'\\''s'\n`,
    },
  ]);
});

test("a binary that the build did not make is told by its path", async () => {
  const [recipeFolder, folder] = [newFolder(), newFolder()];
  const tools = { build: ["true"] as [string], binary: "worker", run: [] };
  await expect(prepareGuestTools(tools, { recipeFolder, folder })).rejects.toMatchObject({
    code: "missing-file",
    message: `${recipeFolder}/worker does not exist`,
  });
});
