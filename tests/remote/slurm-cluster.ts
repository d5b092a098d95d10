import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { eventually } from "../eventually.ts";
import { freePort } from "../free-port.ts";

/** Slurm with one node, this host, which only this host reaches. */
export interface SlurmCluster extends AsyncDisposable {
  /** For Slurm's programs. */
  readonly env: Readonly<Record<string, string>>;
  readonly node: string;
  /** Runs one of Slurm's programs. @returns its output */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** Kills the daemon of the node; the jobs' own processes stay. */
  killNode(): Promise<void>;
  startNode(): Promise<void>;
}

/** The node has this, and no other feature. */
export const nodeFeature = "emulated";

/** Starts munged, slurmctld and slurmd as this user, with keys, sockets and state in a folder of their own. */
export async function startSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), "slurm-"));
  const [node = ""] = hostname().split(".");
  for (const name of ["munge", "state", "spool"]) mkdirSync(join(folder, name), { mode: 0o700 });
  writeFileSync(join(folder, "munge/key"), randomBytes(1024), { mode: 0o400 });
  const conf = join(folder, "slurm.conf");
  writeFileSync(
    conf,
    configuration(folder, node, { controller: await freePort(), daemon: await freePort() }),
  );
  const env = { SLURM_CONF: conf };
  const children: ChildProcess[] = [];
  const start = (program: string, args: readonly string[]) => {
    const output = openSync(join(folder, `${program}.log`), "a");
    const child = spawn(`/usr/sbin/${program}`, args, {
      stdio: ["ignore", output, output],
      env: { ...process.env, ...env },
    });
    children.push(child);
    return child;
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    child.kill(signal);
    await exited;
  };
  const run = async (program: string, ...args: readonly string[]) =>
    (await execa(program, args, { env })).stdout.trim();
  const munge = (name: string) => join(folder, "munge", name);
  start("munged", [
    ...["--foreground", "--force", "--num-threads=2", `--key-file=${munge("key")}`],
    ...[`--socket=${munge("socket")}`, `--pid-file=${munge("pid")}`, `--seed-file=${munge("seed")}`],
  ]);
  start("slurmctld", ["-D", "-f", conf]);
  let daemon = start("slurmd", ["-D", "-f", conf]);
  const isUp = async () =>
    expect(await run("sinfo", "--noheader", "--format=%t")).toMatch(/^(idle|mix|alloc)$/);
  const dispose = async () => {
    for (const child of children.toReversed()) await end(child, "SIGTERM");
    rmSync(folder, { recursive: true });
  };
  try {
    await eventually(isUp, { timeout: 60_000 });
  } catch (error) {
    const log = readFileSync(join(folder, "slurmctld.log"), "utf8");
    await dispose();
    throw new Error(`Slurm did not start:\n${log}`, { cause: error });
  }
  return {
    ...{ env, node, run },
    killNode: () => end(daemon, "SIGKILL"),
    startNode: async () => {
      daemon = start("slurmd", ["-D", "-f", conf]);
      await eventually(isUp, { timeout: 60_000 });
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** Settings that need no root: no cgroups, no accounting, and no port but on the loopback. */
function configuration(
  folder: string,
  node: string,
  ports: { readonly controller: number; readonly daemon: number },
): string {
  const { username } = userInfo();
  const settings = {
    ...{
      ClusterName: "test",
      SlurmctldHost: `${node}(127.0.0.1)`,
      SlurmUser: username,
      SlurmdUser: username,
    },
    ...{ AuthType: "auth/munge", AuthInfo: `socket=${folder}/munge/socket`, CredType: "cred/munge" },
    ...{ SlurmctldPort: ports.controller, SlurmdPort: ports.daemon },
    CommunicationParameters: "NoCtldInAddrAny,NoInAddrAny",
    ...{ StateSaveLocation: join(folder, "state"), SlurmdSpoolDir: join(folder, "spool") },
    ...{ SlurmctldPidFile: join(folder, "slurmctld.pid"), SlurmdPidFile: join(folder, "slurmd.pid") },
    ...{
      ProctrackType: "proctrack/linuxproc",
      TaskPlugin: "task/none",
      JobAcctGatherType: "jobacct_gather/none",
    },
    ...{ SelectType: "select/cons_tres", SelectTypeParameters: "CR_Core_Memory" },
    ...{ AccountingStorageType: "accounting_storage/none", MpiDefault: "none", SwitchType: "switch/none" },
    ...{ SlurmdParameters: "config_overrides", ReturnToService: 2, KillWait: 30 },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${lines.join("\n")}
NodeName=${node} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 Feature=${nodeFeature}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}
