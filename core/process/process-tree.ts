import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A process as /proc/ID/stat shows it. */
export interface ProcessStat {
  readonly id: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The device number of its terminal; 0 without one. */
  readonly terminal: number;
  /** The process group that its terminal's input goes to. */
  readonly foregroundGroup: number;
  /** S while it waits, Z when it has ended and its parent has not noticed. */
  readonly state: string;
  /** The processor time that it has used, in ticks of a hundredth of a second. */
  readonly ticks: number;
  readonly threads: number;
  /** Ticks since the host's start: with the id, it names a process for good. */
  readonly started: number;
}

/** Whether this host shows its processes in /proc, as Linux does. */
export const tellsOfProcesses = existsSync("/proc/self/stat");

/** The processes that a command consists of: its first one, those of that one's session if it leads one, and all their descendants in other sessions. */
export interface ProcessTree {
  /** Those that still run. */
  running(): readonly ProcessStat[];
  /** Sends a signal to all of them. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
}

/**
 * The tree of a process. Once seen, a process stays a part of it, even after its parent has ended. Without a /proc,
 * only the leader's process group is known.
 */
export function createProcessTree(leader: number): ProcessTree {
  const known = new Set<string>();
  const running = () => {
    const tree = membersOf(leader, known);
    for (const process of tree) known.add(nameOf(process));
    return tree.filter(({ state }) => state !== "Z");
  };
  return {
    running,
    signal: (name) => {
      if (!tellsOfProcesses) return send(-leader, name);
      for (const { id } of running()) send(id, name);
    },
  };
}

/** A command has this long to end in order after SIGTERM; then it is killed. Milliseconds. */
const terminationGrace = 5_000;
const pollInterval = 50;

/** Ends all of a command's processes; those that take too long are killed. */
export async function endTree(tree: ProcessTree): Promise<void> {
  const late = performance.now() + terminationGrace;
  tree.signal("SIGTERM");
  while (tree.running().length > 0) {
    if (performance.now() > late) return tree.signal("SIGKILL");
    await delay(pollInterval);
  }
}

function membersOf(leader: number, known: ReadonlySet<string>): readonly ProcessStat[] {
  const all = readProcesses();
  const members = new Set<ProcessStat>();
  const add = (process: ProcessStat) => {
    if (members.has(process)) return;
    members.add(process);
    for (const child of all) if (child.parent === process.id) add(child);
  };
  for (const process of all)
    if (process.id === leader || process.session === leader || known.has(nameOf(process))) add(process);
  return [...members];
}

function nameOf({ id, started }: ProcessStat): string {
  return `${id} ${started}`;
}

function send(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch {
    // It has ended in between, or runs as another user.
  }
}

function readProcesses(): readonly ProcessStat[] {
  if (!tellsOfProcesses) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
}

/** Undefined for a process that has ended. The fields are those of proc(5). */
export function readStat(id: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    // The name before it is in parentheses, and may hold anything.
    const [state = "", ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const numbers = rest.map(Number);
    const field = (number: number) => numbers[number - 4] ?? 0;
    return {
      id,
      state,
      parent: field(4),
      group: field(5),
      session: field(6),
      terminal: field(7),
      foregroundGroup: field(8),
      ticks: field(14) + field(15),
      threads: field(20),
      started: field(22),
    };
  } catch {
    return undefined;
  }
}
