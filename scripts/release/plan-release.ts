import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { readChanges } from "./changelog.ts";
import { type Git, gitIn } from "./git.ts";
import { requireNextVersion } from "./next-version.ts";

interface ReleaseOptions {
  /** The private SSH key that signs, or the public one of a key that ssh-agent has. */
  readonly key: string | undefined;
  /** Makes only the npm package, which needs no Electron. */
  readonly npmOnly: boolean;
}

/** Everything that is known of a release before it is made. */
export interface Release extends ReleaseOptions {
  /** The checkout. */
  readonly project: string;
  readonly git: Git;
  readonly version: string;
  readonly tag: string;
  /** The branch that gets the commit, and the commit that it has now. */
  readonly branch: string;
  readonly base: string;
  /** The time of the release, which its commit, its tag and its packages have. Seconds since the epoch. */
  readonly time: number;
  /** The same as CHANGELOG.md has it: 2026-12-01, in UTC. */
  readonly date: string;
  /** The changes, as CHANGELOG.md lists them. */
  readonly notes: string;
  /** The folder for its files. */
  readonly out: string;
}

/**
 * Checks whether a version can be released from a checkout, and changes nothing.
 *
 * @throws AppError with the reason if it can't
 */
export async function planRelease(
  project: string,
  version: string,
  options: ReleaseOptions,
): Promise<Release> {
  const git = gitIn(project);
  const { released, notes } = readChanges(readFileSync(join(project, "CHANGELOG.md"), "utf8"));
  const { version: planned } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  requireNextVersion(version, released, planned);
  await requireCleanTree(git);
  const tag = `v${version}`;
  if ((await git("tag", "--list", tag)) !== "") throw taken(`the tag ${tag}`, `git tag --delete ${tag}`);
  const out = join(project, "dist/release", version);
  if (existsSync(out)) throw taken(out, `rm -r ${out}`);
  const key = options.key === undefined ? undefined : resolve(options.key);
  if (key !== undefined && !existsSync(key)) throw missingKey(key);
  const time = releaseTime();
  return {
    ...options,
    ...{ project, git, version, tag, time, notes, out, key },
    branch: await branchOf(git),
    base: await git("rev-parse", "HEAD"),
    date: new Date(time * 1000).toISOString().slice(0, 10),
  };
}

/** The plan of a release as a person reads it. */
export function describeRelease({ version, date, base, branch, tag, key, npmOnly, notes }: Release): string {
  const packages = npmOnly
    ? "npm package"
    : "npm package, deb, and AppImage if electron-builder has its tool";
  return [
    `Tinsmith ${version}, ${date}`,
    `commit:   Version ${version}, on ${branch} after ${base.slice(0, 8)}: CHANGELOG.md, package.json, package-lock.json`,
    `tag:      ${tag}, ${key === undefined ? "not signed" : `signed with ${key}`}`,
    `packages: ${packages}`,
    `files:    dist/release/${version}/, with SHA256SUMS${key === undefined ? "" : " and its signature"}`,
    "notes:",
    ...notes.split("\n").map((line) => (line === "" ? "" : `  ${line}`)),
  ].join("\n");
}

async function requireCleanTree(git: Git): Promise<void> {
  const changes = await git("status", "--porcelain");
  if (changes === "") return;
  throw new AppError({
    code: "usage",
    message: "the working tree has changes that are not committed",
    details: changes.split("\n"),
    advice: "Commit them or remove them, then try again.",
  });
}

async function branchOf(git: Git): Promise<string> {
  const branch = await git("branch", "--show-current");
  if (branch !== "") return branch;
  throw new AppError({
    code: "usage",
    message: "no branch is checked out, which could get the release's commit",
    advice: "Check out a branch with git switch, then try again.",
  });
}

/** The time that SOURCE_DATE_EPOCH names, so that a release can be made again; else now. */
function releaseTime(): number {
  const { SOURCE_DATE_EPOCH: named } = process.env;
  if (named === undefined) return Math.floor(Date.now() / 1000);
  if (/^\d{1,10}$/.test(named)) return Number(named);
  throw new AppError({
    code: "usage",
    message: `SOURCE_DATE_EPOCH is ${JSON.stringify(named)}, and must be a number of seconds`,
    advice: "Correct it, or unset it.",
  });
}

function taken(object: string, remove: string): AppError {
  const message = `${object} exists already`;
  return new AppError({
    code: "file-exists",
    message,
    advice: `If it is left from a release that you don't want, run ${remove}.`,
  });
}

function missingKey(key: string): AppError {
  const advice = "Name a key that ssh-keygen has made.";
  return new AppError({ code: "missing-file", message: `the key ${key} does not exist`, advice });
}
