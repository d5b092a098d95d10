import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { digestFile } from "../../core/files/digest.ts";
import { findSections } from "../docs/command-blocks.ts";
import {
  changelogOf,
  copyRepository,
  listedChanges,
  type RepositoryCopy,
  releaseTime,
  version,
} from "./release-copy.ts";
import { makeStandInElectron } from "./stand-in-electron.ts";

// A release is made in a copy of the repository: its packages are made truly, with a stand-in for Electron.

const project = resolve(import.meta.dirname, "../..");
let copy: RepositoryCopy;

beforeAll(async () => {
  copy = await copyRepository();
}, 120_000);
afterAll(() => copy[Symbol.dispose](), 60_000);

/** Has the copy as it is now again, after the test. */
async function restoredAfterwards(): Promise<void> {
  const commit = await copy.git("rev-parse", "HEAD");
  onTestFinished(async () => {
    await copy.git("switch", "--quiet", "main");
    await copy.git("reset", "--quiet", "--hard", commit);
    await copy.git("clean", "--quiet", "--force", "-d");
  });
}

describe("a release is refused, and nothing is changed", () => {
  test.each([
    {
      what: "of a version that is not the next",
      args: ["99.0.0"],
      error: `99.0.0 can't be the next version: nothing was released yet`,
    },
    { what: "of two versions", args: ["1.0.0", "2.0.0"], error: "one version must be named" },
    { what: "with an unknown option", args: [version, "--push"], error: "Unknown option '--push'" },
    { what: "with a missing key", args: [version, "--sign", "no-key"], error: "no-key does not exist" },
    {
      what: "of uncommitted changes",
      prepare: () => writeFileSync(join(copy.folder, "new-file"), ""),
      error: "the working tree has changes that are not committed\n  ?? new-file",
    },
    {
      what: "of nothing",
      prepare: () =>
        copy.commit("CHANGELOG.md", changelogOf("### Added\n", "\n## [0.0.1] - 2026-01-01\n\n- Old.\n")),
      error: "CHANGELOG.md lists nothing below [Unreleased]",
    },
    {
      what: "of a version whose tag exists",
      prepare: async () => {
        await copy.git("tag", `v${version}`);
        onTestFinished(async () => void (await copy.git("tag", "--delete", `v${version}`)));
      },
      error: `the tag v${version} exists already`,
    },
    {
      what: "without a branch",
      prepare: () => copy.git("switch", "--quiet", "--detach"),
      error: "no branch is checked out",
    },
  ])("$what", async ({ args = [version], prepare, error }) => {
    await restoredAfterwards();
    await prepare?.();
    const before = await copy.state();
    const { exitCode, stderr, stdout } = await copy.release(...args);
    expect(stderr).toContain(`error: `);
    expect(stderr).toContain(error);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(await copy.state()).toEqual(before);
  });
});

test("a dry run shows the release, and changes nothing", async () => {
  const before = await copy.state();
  const { stdout } = await copy.release(version, "--dry-run");
  expect(stdout).toContain(`Tinsmith ${version}, 2026-11-25\n`);
  expect(stdout).toContain("  - A first change.\n");
  expect(stdout).toMatch(/\nNothing was changed\.$/);
  expect(await copy.state()).toEqual(before);
  expect(existsSync(join(copy.folder, "dist"))).toBe(false);
});

test("a release whose packages can't be made changes nothing, and leaves nothing", async () => {
  await restoredAfterwards();
  await copy.commit("scripts/dist.sh", "echo 'no such tool' >&2; exit 1\n");
  const before = await copy.state();
  const { exitCode, stderr } = await copy.release(version);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("no such tool\n")]);
  expect(stderr).toContain("error: the packages can't be made: scripts/dist.sh failed");
  expect(await copy.state()).toEqual(before);
  expect(readdirSync(join(copy.folder, ".build"))).toEqual(["release.lock"]);
});

test("an interrupted release changes nothing, and ends the programs that make its packages", async () => {
  await restoredAfterwards();
  await copy.commit("scripts/dist.sh", 'echo "process $$" >&2; sleep 600; echo too late >&2\n');
  const before = await copy.state();
  const release = copy.release(version);
  const made = Promise.withResolvers<number>();
  release.stderr.on("data", (text) => made.resolve(Number(/process (\d+)/.exec(`${text}`)?.[1])));
  const id = await made.promise;
  release.kill("SIGTERM");
  const { exitCode, stderr } = await release;
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("error: interrupted")]);
  expect(existsSync(`/proc/${id}`)).toBe(false);
  expect(await copy.state()).toEqual(before);
});

describe("a signed release", () => {
  let files: string;
  let stdout: string;
  const read = (name: string) => readFileSync(join(copy.folder, name), "utf8");

  beforeAll(async () => {
    const electron = join(copy.env.HOME ?? "", "electron");
    makeStandInElectron(electron);
    const key = join(copy.env.HOME ?? "", "key");
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]);
    const env = {
      ELECTRON_DIST: electron,
      CUSTOM_FPM_PATH: join(project, "scripts/dpkg-deb-for-fpm.sh"),
      // Nothing listens there: no tool for an AppImage can be downloaded.
      ELECTRON_BUILDER_BINARIES_MIRROR: "http://127.0.0.1:9/",
    };
    const done = await execa(process.execPath, ["scripts/release.ts", version, "--sign", key], {
      cwd: copy.folder,
      env: { ...copy.env, ...env },
      stderr: "inherit",
    });
    stdout = done.stdout;
    files = join(copy.folder, "dist/release", version);
  }, 600_000);

  test("has its packages, notes, checksums and signature in one folder, and says what is missing", () => {
    expect(readdirSync(files).sort()).toEqual([
      "SHA256SUMS",
      "SHA256SUMS.sig",
      "release-notes.md",
      `tinsmith-${version}-linux-amd64.deb`,
      `tinsmith-${version}.tgz`,
    ]);
    expect(stdout).toContain("It has no AppImage: electron-builder can't download the tool for it.");
    expect(read(`dist/release/${version}/release-notes.md`)).toBe(
      `# Tinsmith ${version}\n\n${listedChanges}`,
    );
  });

  test("is a commit of the branch and a tag, with the changes below the version", async () => {
    expect(await copy.git("status", "--porcelain")).toBe("");
    expect(await copy.git("log", "-1", "--format=%s, %ct, %at, %D")).toBe(
      `Version ${version}, ${releaseTime}, ${releaseTime}, HEAD -> main, tag: v${version}`,
    );
    expect(read("CHANGELOG.md")).toBe(changelogOf(`## [${version}] - 2026-11-25\n\n${listedChanges}`));
    expect(JSON.parse(read("package.json")).version).toBe(version);
    // The tag vouches for the files, too.
    expect(await copy.git("tag", "--list", "--format=%(contents:body)", `v${version}`)).toContain(
      read(`dist/release/${version}/SHA256SUMS`).trim(),
    );
    expect((await copy.git("worktree", "list")).split("\n")).toHaveLength(1);
  });

  test("is verified by the commands that the page shows, and a changed file is found", async () => {
    const page = { path: "docs/release.md", text: readFileSync(join(project, "docs/release.md"), "utf8") };
    const section = findSections(page).find(({ title }) => title === "Verify a release");
    const publicKey = readFileSync(join(copy.env.HOME ?? "", "key.pub"), "utf8").trim();
    const commands = section?.blocks.flatMap((block) => block.commands.map(({ command }) => command)) ?? [];
    const verify = async (one: string) => {
      const command = one.replace(/ssh-ed25519 [^\s']+/, publicKey).replaceAll("0.1.0", version);
      return execa("bash", ["-euc", command], { cwd: files, env: copy.env, all: true, reject: false });
    };
    const outputs: string[] = [];
    for (const command of commands) {
      const { all, exitCode } = await verify(command);
      expect([command, exitCode, all]).toEqual([command, 0, all]);
      outputs.push(all);
    }
    expect(outputs.join("\n")).toMatch(/Good "tinsmith-release" signature for tinsmith/);
    expect(outputs.join("\n")).toContain(`tinsmith-${version}.tgz: OK`);
    expect(outputs.join("\n")).toMatch(/Good "git" signature for tinsmith/);
    const sums = join(files, "SHA256SUMS");
    const text = await readFile(sums, "utf8");
    await writeFile(
      sums,
      text.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
    );
    const results = await Promise.all(commands.map(verify));
    await writeFile(sums, text);
    expect(results.filter(({ exitCode }) => exitCode !== 0)).toHaveLength(2);
  });

  test("has an npm package with the bytes that other folders give", async () => {
    // ./test.sh has laid it out from the same sources, but for the changelog.
    const other = join(copy.env.HOME ?? "", "other");
    await cp(join(project, "dist/package"), other, { recursive: true });
    await cp(join(copy.folder, "CHANGELOG.md"), join(other, "CHANGELOG.md"));
    await mkdir(join(other, "packed"));
    await execa("npm", ["pack", other, "--silent", "--pack-destination", join(other, "packed")], {
      cwd: other,
    });
    const name = `tinsmith-${version}.tgz`;
    expect(await digestFile(join(other, "packed", name))).toBe(await digestFile(join(files, name)));
  });

  test("has a deb whose files are no newer than the release", async () => {
    const deb = join(files, `tinsmith-${version}-linux-amd64.deb`);
    const { stdout: list } = await execa("dpkg-deb", ["--contents", deb], { env: { TZ: "UTC" } });
    const times = list.split("\n").map((line) => / (\d{4}-\d\d-\d\d \d\d:\d\d) /.exec(line)?.[1] ?? line);
    expect(times.sort().at(-1)).toBe("2026-11-25 09:46");
    expect(statSync(deb).size).toBeGreaterThan(1e6);
  });

  test("can't be made again, and the next one must have another version", async () => {
    const { stderr } = await copy.release(version);
    expect(stderr).toContain("CHANGELOG.md lists nothing below [Unreleased]");
    await copy.commit(
      "CHANGELOG.md",
      read("CHANGELOG.md").replace("[Unreleased]\n", "[Unreleased]\n\n- A fix.\n"),
    );
    const again = await copy.release(version);
    expect(again.stderr).toMatch(/can't be the next version: .* is the newest version\nRelease /);
  });
});
