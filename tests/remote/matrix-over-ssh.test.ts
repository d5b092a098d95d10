import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { isTemplateFile } from "../../core/image-set/create-image-set.ts";
import { makeWorkshop, tinsmith, tinsmithProgram, type Workshop } from "../guest/tinsmith.ts";
import { type SshHosts, startSshHosts } from "./ssh-host.ts";

const project = resolve(import.meta.dirname, "../..");

const matrix = `
matrix:
  guestTools: {own: , shell: {binary: tools.sh}}
  memory: [300, 400]
`;

/** A setup image, which each host has a copy of. */
let built: Workshop;

beforeAll(async () => {
  built = makeWorkshop();
  const outcome = await tinsmith(built, ["rebuild", "setup", "--recipe", built.imageSet]);
  expect(outcome).toMatchObject({ exitStatus: 0 });
  return () => rmSync(built.folder, { recursive: true });
}, 300_000);

/** The commands of the page, which a person types. */
function commandsOfPage(): string {
  const page = readFileSync(join(project, "docs/matrix.md"), "utf8");
  const [, block = ""] = /matrix-over-ssh[^\n]*\n```console\n(.*?)```/s.exec(page) ?? [];
  return block.replaceAll(/^\$ /gm, "");
}

/** Makes a copy of the image sets as a person has on each host. @returns its folder */
function makeCopy(home: string): string {
  const folder = join(home, "tinsmith");
  const images = join(folder, "images");
  mkdirSync(folder);
  cpSync(join(project, "images"), images, { recursive: true, filter: isTemplateFile });
  const set = join(images, "microcore");
  cpSync(built.setupImage, join(set, "microcore-setup.tar.lz4"));
  cpSync(join(project, "tests/guest/shell-guest-tools.sh"), join(set, "tools.sh"));
  appendFileSync(join(set, "recipe.yaml"), matrix);
  writeFileSync(join(folder, "tinsmith"), `#!/bin/sh\nexec '${tinsmithProgram}' "$@"\n`, { mode: 0o755 });
  return folder;
}

/** Another computer of a person's, whose state is its own. */
const variablesOf = (home: string) => ({
  ...{ TINSMITH_HOME: join(home, "state"), XDG_CACHE_HOME: join(home, "cache"), CI: "true" },
  PATH: process.env.PATH ?? "",
});

async function makeHosts(): Promise<{ readonly here: string; readonly ssh: SshHosts }> {
  const { folder } = makeWorkshop();
  const ssh = await startSshHosts(folder, ["one", "two"], variablesOf);
  onTestFinished(async () => {
    await ssh[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  for (const { home } of ssh.hosts) makeCopy(home);
  const own = join(folder, "here");
  mkdirSync(own);
  return { here: makeCopy(own), ssh };
}

const cells = ["own-300", "own-400", "shell-300", "shell-400"];

test("GNU parallel builds the cells of a matrix on two ssh hosts, as the page says, and takes them back", async () => {
  const { here, ssh } = await makeHosts();
  const env = {
    ...variablesOf(here),
    PARALLEL_SSH: `ssh -F ${ssh.config}`,
    PARALLEL_HOME: join(here, "parallel"),
  };
  mkdirSync(env.PARALLEL_HOME);
  writeFileSync(join(env.PARALLEL_HOME, "will-cite"), "");
  const ran = await execa("sh", ["-ec", commandsOfPage()], { cwd: here, env, reject: false });
  expect(ran).toMatchObject({ exitCode: 0 });

  const log = readFileSync(join(here, "cells.log"), "utf8").trimEnd().split("\n").slice(1);
  expect(new Set(log.map((line) => line.split("\t")[1]))).toEqual(new Set(["one", "two"]));
  const archive = (folder: string, cell: string) =>
    join(folder, "images/microcore/matrix", `${cell}.tar.lz4`);
  for (const cell of cells) {
    expect(existsSync(archive(here, cell))).toBe(true);
    const { exitCode } = await execa(tinsmithProgram, ["verify", archive(here, cell), "--no-inputs"], {
      cwd: here,
      env: variablesOf(here),
      reject: false,
    });
    expect(exitCode).toBe(0);
  }

  // They are those that are built here.
  const alone = await execa(tinsmithProgram, ["matrix", "--only", "*-300"], {
    cwd: here,
    env: variablesOf(here),
  });
  expect(alone.stdout).toContain("2 cells: 2 built, 0 up to date");
  const elsewhere = (cell: string) =>
    ssh.hosts.map(({ home }) => archive(join(home, "tinsmith"), cell)).find(existsSync) ?? "";
  for (const cell of ["own-300", "shell-300"]) {
    const compared = await execa(
      tinsmithProgram,
      ["diff", archive(here, cell), elsewhere(cell), "--ignore", "expected"],
      { cwd: here, env: variablesOf(here), reject: false },
    );
    expect(compared).toMatchObject({ exitCode: 0 });
  }
}, 600_000);
