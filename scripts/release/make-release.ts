import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tryLock } from "../../core/files/locks/file-lock.ts";
import { AppError } from "../../shared/errors/errors.ts";
import { withVersion } from "./changelog.ts";
import { type Git, gitIn } from "./git.ts";
import { makePackages } from "./make-packages.ts";
import type { Release } from "./plan-release.ts";
import { signSums, writeSums } from "./sums.ts";

/**
 * Makes a release: its commit and packages in a working tree of their own, so that nothing but what is committed is in them, and a
 * failure changes nothing. The branch, the tag and the folder of files are changed in the end, all or none.
 *
 * @returns a report for people
 * @throws AppError with the reason if it fails
 */
export async function makeRelease(release: Release, signal: AbortSignal): Promise<string> {
  const { project, version } = release;
  mkdirSync(join(project, ".build"), { recursive: true });
  const lock = tryLock(join(project, ".build/release.lock"), `the release of ${version}`);
  if ("heldBy" in lock) throw inProgress(lock.heldBy);
  using _alone = lock;
  await using tree = await makeTree(release);
  const commit = await commitVersion(release, tree);
  const { files, missing } = await makePackages(release, tree.folder, signal);
  writeFileSync(join(files, "release-notes.md"), `# Tinsmith ${version}\n\n${release.notes}\n`);
  const sums = await writeSums(files);
  if (release.key !== undefined) await signSums(files, release.key);
  signal.throwIfAborted();
  await publishHere(release, { commit, files, sums });
  return report(release, { commit, sums, missing });
}

/** A working tree that is removed with its commit, unless a branch or tag has that by then. */
interface Tree extends AsyncDisposable {
  readonly folder: string;
  readonly git: Git;
}

async function makeTree({ project, git, base, time }: Release): Promise<Tree> {
  const folder = join(project, ".build/release");
  const remove = async () => {
    rmSync(folder, { recursive: true, force: true });
    await git("worktree", "prune");
  };
  // One that is left from a killed release.
  await remove();
  await git("worktree", "add", "--quiet", "--detach", folder, base);
  const date = `${time} +0000`;
  return {
    folder,
    git: gitIn(folder, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }),
    [Symbol.asyncDispose]: remove,
  };
}

/** @returns the commit */
async function commitVersion({ version, date }: Release, { folder, git }: Tree): Promise<string> {
  const change = (name: string, work: (text: string) => string) => {
    const path = join(folder, name);
    writeFileSync(path, work(readFileSync(path, "utf8")));
  };
  change("CHANGELOG.md", (text) => withVersion(text, version, date));
  change("package.json", (text) => toJson({ ...JSON.parse(text), version }));
  change("package-lock.json", (text) => {
    const lock = JSON.parse(text);
    const packages = { ...lock.packages, "": { ...lock.packages[""], version } };
    return toJson({ ...lock, version, packages });
  });
  await git("commit", "--quiet", "--all", "--message", `Version ${version}`);
  return git("rev-parse", "HEAD");
}

const toJson = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

interface MadeRelease {
  readonly commit: string;
  /** The folder of its files. */
  readonly files: string;
  /** The text of SHA256SUMS. */
  readonly sums: string;
}

/** Moves the files to their place, and has the tag and the branch at the commit. The signed tag vouches for the files, too: its message has their sums. */
async function publishHere(release: Release, { commit, files, sums }: MadeRelease): Promise<void> {
  const { project, git, version, tag, branch, time, out, key } = release;
  await using undo = new AsyncDisposableStack();
  mkdirSync(dirname(out), { recursive: true });
  renameSync(files, out);
  undo.defer(() => rmSync(out, { recursive: true }));
  const signing = key === undefined ? [] : ["-c", "gpg.format=ssh", "-c", `user.signingKey=${key}`];
  const message = `Tinsmith ${version}\n\n${sums}`;
  const kind = key === undefined ? "--annotate" : "--sign";
  const dated = gitIn(project, { GIT_COMMITTER_DATE: `${time} +0000` });
  await dated(...signing, "tag", kind, "--message", message, tag, commit);
  undo.defer(async () => void (await git("tag", "--delete", tag)));
  const current = await git("branch", "--show-current");
  if (current !== branch) throw branchChanged(branch, current);
  await git("merge", "--quiet", "--ff-only", commit);
  undo.move();
}

function report(
  { version, branch, tag, key }: Release,
  made: Pick<MadeRelease, "commit" | "sums"> & { missing: readonly string[] },
): string {
  return [
    `Tinsmith ${version} is in dist/release/${version}:`,
    ...made.sums
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
    ...made.missing,
    `${branch} has the commit ${made.commit.slice(0, 8)}, with the tag ${tag}${key === undefined ? ", which is not signed" : ""}.`,
    `Nothing was pushed. To push both: git push origin ${branch} ${tag}`,
    "",
  ].join("\n");
}

function inProgress(holder: string): AppError {
  const advice = "Wait until it has ended, then try again.";
  return new AppError({ code: "busy", message: `${holder} is being made`, advice });
}

function branchChanged(branch: string, current: string): AppError {
  const message = `${current || "no branch"} was checked out while the release of ${branch} was made`;
  return new AppError({ code: "busy", message, advice: `Run git switch ${branch}, then try again.` });
}
