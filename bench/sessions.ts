import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSessionList } from "../core/app/sessions/session-list.ts";
import { makePrivateFolder } from "../core/files/private-folder.ts";
import { findSessions } from "../core/session-record/find-sessions.ts";
import { clearEndedSessions } from "../core/session-record/session-cleanup.ts";
import { findPaths, type Paths, sessionPaths } from "../core/storage/paths.ts";
import { judged, median } from "./figures.ts";

// node bench/sessions.ts [ROUNDS]
// Lists 500 ended sessions and deletes all but the 50 that are kept, and prints medians, each beside its bar.

const rounds = Number(process.argv[2] ?? 9);
const sessions = 500;
/** Milliseconds of work during which nothing else of the process may run. */
const longestTurn = 20;

interface Measurement {
  /** Milliseconds. */
  readonly time: number;
  /** The most work during which nothing else of this process ran, in milliseconds. */
  readonly turn: number;
}

interface Figure {
  readonly what: string;
  /** The most that it may take, in milliseconds. */
  readonly bar: number;
  readonly act: (paths: Paths, list: ReturnType<typeof createSessionList>) => unknown;
  readonly found: Measurement[];
}

const figures: readonly Figure[] = [
  { what: "the first list ever", bar: 1_000, act: (_paths, list) => list(), found: [] },
  { what: "the first list of a process", bar: 50, act: (paths) => createSessionList(paths)(), found: [] },
  { what: "a later list", bar: 50, act: (_paths, list) => list(), found: [] },
  { what: "the running sessions alone", bar: 50, act: findSessions, found: [] },
  { what: "clearing 450 sessions", bar: 1_000, act: clearEndedSessions, found: [] },
];
for (let round = 0; round < rounds; round += 1) {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  try {
    const paths = findPaths({ TINSMITH_HOME: home });
    makeSessions(paths);
    const list = createSessionList(paths);
    for (const { act, found } of figures) found.push(await measure(() => act(paths, list)));
  } finally {
    rmSync(home, { recursive: true });
  }
}
for (const { what, bar, found } of figures) {
  const time = judged(median(found.map(({ time }) => time)), bar, "at most", 1);
  const turn = judged(median(found.map(({ turn }) => turn)), longestTurn, "at most", 1);
  const all = found.map(({ time }) => time.toFixed(1)).join(" ");
  process.stdout.write(`${what}: ${time} ms, at a time ${turn} ms (${all})\n`);
}

async function measure(act: () => unknown): Promise<Measurement> {
  let turn = 0;
  let isDone = false;
  // The processor's time: the clock's depends on what else this host does.
  let last = process.threadCpuUsage();
  const look = () => {
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    turn = Math.max(turn, (user + system) / 1000);
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  const start = performance.now();
  await act();
  const time = performance.now() - start;
  isDone = true;
  await new Promise(setImmediate);
  return { time, turn };
}

function makeSessions(paths: Paths): void {
  for (const folder of [paths.sessions, paths.sockets, paths.cache]) makePrivateFolder(folder);
  for (let number = 0; number < sessions; number += 1) {
    const files = sessionPaths(paths, `20260101-${`${number}`.padStart(6, "0")}-abcd`);
    const bodies = join(files.folder, "bodies");
    mkdirSync(bodies, { recursive: true });
    writeFileSync(files.events, eventsOf(number));
    for (const log of [files.serialLog, files.taskLog, files.hostLog, files.qemuLog])
      writeFileSync(log, "x".repeat(10_000));
    writeFileSync(files.lock, "");
    for (let exchange = 0; exchange < 5; exchange += 1) writeFileSync(join(bodies, `${exchange}.reply`), "x");
  }
}

/** The log of a run, of some 45 kB. */
function eventsOf(number: number): string {
  const lines = Array.from({ length: 400 }, (_, index) => `Line ${index} of a run that is like the others.`);
  const events = [
    { type: "run-started", kind: "run", title: `Run ${number}`, task: { env: {}, command: ["true"] } },
    ...lines.map((text) => ({ type: "note", text })),
    { type: "run-finished", result: "success" },
  ];
  const head = { version: 1, time: Date.UTC(2026) };
  return events.map((event, index) => `${JSON.stringify({ ...head, seq: index + 1, ...event })}\n`).join("");
}
