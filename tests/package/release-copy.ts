import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import packageJson from "../../package.json" with { type: "json" };

const project = resolve(import.meta.dirname, "../..");

/** A repository of its own with this checkout's files, in which nothing was released yet. */
export interface RepositoryCopy extends Disposable {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  git(...args: readonly string[]): Promise<string>;
  /** Replaces a file, and commits that. */
  commit(name: string, text: string): Promise<void>;
  /** Starts scripts/release.ts. */
  release(...args: readonly string[]): ReturnType<typeof startRelease>;
  /** All that a release changes. */
  state(): Promise<object>;
}

/** The changes that the copy's CHANGELOG.md lists. */
export const listedChanges = "### Added\n\n- A first change.\n- Another one.\n";
export const changelogOf = (unreleased: string, rest = "") =>
  `# Changelog\n\n## [Unreleased]\n\n${unreleased}${rest}`;

/** The time of releases in the copy. Seconds since the epoch. */
export const releaseTime = 1_795_600_000;

/** Copies the checkout as it is, with what is not committed. */
export async function copyRepository(): Promise<RepositoryCopy> {
  const work = mkdtempSync(join(tmpdir(), "release-"));
  const folder = join(work, "tinsmith");
  const { stdout } = await execa(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
    { cwd: project },
  );
  for (const file of stdout.split("\0").filter(Boolean)) copyIfThere(file, folder);
  const env = {
    HOME: work,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_AUTHOR_NAME: "A maintainer",
    GIT_AUTHOR_EMAIL: "maintainer@example.org",
    GIT_COMMITTER_NAME: "A maintainer",
    GIT_COMMITTER_EMAIL: "maintainer@example.org",
    SOURCE_DATE_EPOCH: `${releaseTime}`,
    // The caches of this user, so that nothing is downloaded again.
    npm_config_cache: (await execa("npm", ["config", "get", "cache"])).stdout,
    npm_config_prefer_offline: "true",
    GOCACHE: (await execa("go", ["env", "GOCACHE"])).stdout,
    GOMODCACHE: (await execa("go", ["env", "GOMODCACHE"])).stdout,
  };
  const git = async (...args: readonly string[]) => (await execa("git", args, { cwd: folder, env })).stdout;
  const commit = async (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    await git("commit", "--quiet", "--all", "--message", `A change of ${name}`);
  };
  await git("init", "--quiet", "--initial-branch", "main");
  // The script's own; a release installs others for itself.
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, ".git/info/exclude"), "/node_modules\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "All files");
  await commit("CHANGELOG.md", changelogOf(listedChanges));
  return {
    folder,
    env,
    git,
    commit,
    release: (...args) => startRelease(folder, env, args),
    state: async () => ({
      commit: await git("rev-parse", "HEAD"),
      refs: await git("for-each-ref"),
      changes: await git("status", "--porcelain"),
      trees: await git("worktree", "list"),
      changelog: readFileSync(join(folder, "CHANGELOG.md"), "utf8"),
    }),
    [Symbol.dispose]: () => rmSync(work, { recursive: true, force: true }),
  };
}

function startRelease(folder: string, env: RepositoryCopy["env"], args: readonly string[]) {
  return execa(process.execPath, ["scripts/release.ts", ...args], { cwd: folder, env, reject: false });
}

function copyIfThere(file: string, folder: string): void {
  // One that was removed, and not committed yet, is listed still.
  if (!existsSync(join(project, file))) return;
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  cpSync(join(project, file), join(folder, file), { verbatimSymlinks: true });
}

/** The version that the copy releases first. */
export const { version } = packageJson;
