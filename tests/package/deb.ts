import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import packageJson from "../../package.json" with { type: "json" };
import { makeStandInElectron } from "./stand-in-electron.ts";

const project = resolve(import.meta.dirname, "../..");

/** As root of a mount namespace, whose argument 0 is a root to which a package was installed. */
const bindOpt = 'mount --bind "$0/opt" /opt';

/** The deb, and a root that it can be installed into. */
export interface DebianRoot extends Disposable {
  readonly deb: string;
  /** The folder that stands for / of a system on which nothing is installed. */
  readonly root: string;
  /** Runs dpkg on the root. Maintainer scripts run on this host, with DPKG_ROOT; what the package depends on need not be there. */
  dpkg(...args: readonly string[]): Promise<string>;
  /** Has the maintainer scripts find an apparmor_parser that takes every profile, or none. */
  setAppArmor(takesProfiles: boolean): void;
  /** Runs a program of the root, which sees the root's /opt, and the host's files otherwise. */
  run(program: string, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }>;
  /** The command that runs it likewise for a user who is not root, with the arguments that follow. */
  commandOf(program: string): readonly [string, ...string[]];
  /** Makes the same package with another version. */
  makeVersion(version: string): Promise<string>;
}

/**
 * Makes the deb by dpkg-deb, as `npm run dist` does where electron-builder can't download fpm.
 *
 * @param electron the folder of an Electron; a stand-in is made when none is named
 */
export async function makeDebianRoot(electron?: string): Promise<DebianRoot> {
  const work = mkdtempSync(join(tmpdir(), "deb-"));
  const root = join(work, "root");
  const programs = join(work, "programs");
  for (const folder of ["var/lib/dpkg/updates", "var/lib/dpkg/info", "opt", "home"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "var/lib/dpkg/status"), "");
  mkdirSync(programs);
  const deb = await makeDeb(work, electron);
  return {
    deb,
    root,
    dpkg: async (...args) => {
      const forced = ["not-root", "script-chrootless", "depends", "unsafe-io"].map((it) => `--force-${it}`);
      const PATH = `${programs}:${process.env.PATH}:/usr/sbin:/sbin`;
      return (await execa("dpkg", ["--root", root, ...forced, ...args], { env: { PATH } })).stdout;
    },
    setAppArmor: (takesProfiles) => {
      writeFileSync(join(programs, "apparmor_parser"), `#!/bin/sh\nexit ${takesProfiles ? 0 : 1}\n`);
      chmodSync(join(programs, "apparmor_parser"), 0o755);
    },
    run: (program, ...args) => {
      const isRoot = process.getuid?.() === 0;
      const namespaces = isRoot ? ["--mount"] : ["--mount", "--map-root-user"];
      return execa(
        "unshare",
        [...namespaces, "sh", "-c", `${bindOpt} && exec "$0$@"`, root, program, ...args],
        {
          cwd: join(root, "home"),
          env: { CI: "true", TINSMITH_HOME: join(root, "home/user") },
          reject: false,
        },
      );
    },
    commandOf: (program) => {
      const user = [`--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`].join(" ");
      const script = `${bindOpt} && exec unshare --user ${user} "$0$@"`;
      return ["unshare", "--mount", "--map-root-user", "sh", "-c", script, root, program];
    },
    makeVersion: async (version) => {
      const unpacked = join(work, `content-${version}`);
      await execa("dpkg-deb", ["--raw-extract", deb, unpacked]);
      const control = join(unpacked, "DEBIAN/control");
      const text = readFileSync(control, "utf8");
      writeFileSync(control, text.replace(`Version: ${packageJson.version}`, `Version: ${version}`));
      const other = join(work, `${version}.deb`);
      await execa("dpkg-deb", ["-Znone", "--root-owner-group", "--build", unpacked, other]);
      return other;
    },
    [Symbol.dispose]: () => rmSync(work, { recursive: true, force: true }),
  };
}

async function makeDeb(work: string, electron = join(work, "electron")): Promise<string> {
  if (electron.startsWith(work)) makeStandInElectron(electron);
  const options = {
    electronDist: electron,
    "directories.output": join(work, "app"),
    // xz takes long.
    "deb.compression": "gz",
  };
  await execa(
    join(project, "node_modules/.bin/electron-builder"),
    [
      ...["--linux", "deb", "--publish=never"],
      ...Object.entries(options).map(([name, value]) => `-c.${name}=${value}`),
    ],
    {
      cwd: project,
      env: { CUSTOM_FPM_PATH: join(project, "scripts/dpkg-deb-for-fpm.sh"), DPKG_DEB_COMPRESSOR_LEVEL: "1" },
    },
  );
  return join(work, "app", `tinsmith-${packageJson.version}-linux-amd64.deb`);
}
