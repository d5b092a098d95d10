import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import type { SessionHappening } from "../../shared/session/session-event.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";

/** The start of the recorded session, in milliseconds since the epoch. */
const start = Date.UTC(2026, 10, 24, 5, 3, 13);
const body = { bytes: 2, beginning: "e30=" };

/** The session's events, each with its time in milliseconds since the start. */
const events: readonly (readonly [number, Record<string, unknown>])[] = [
  [0, { type: "qemu-started", command: ["qemu-system-i386"] }],
  [900, { type: "screen-changed", picture: "aa" }],
  [4_000, { type: "screen-changed", picture: "bb" }],
  [4_100, { type: "guest-tools-started" }],
  [
    4_100,
    { type: "exchange-started", exchange: 1, method: "GET", target: "/engine/v1/execute", headers: [] },
  ],
  [4_140, { type: "exchange-replied", exchange: 1, status: 200, headers: [] }],
  [4_150, { type: "exchange-ended", exchange: 1, outcome: "complete", request: body, reply: body }],
  [4_200, { type: "exchange-started", exchange: 2, method: "GET", target: "/engine/v1/poll", headers: [] }],
  [5_000, { type: "action-requested", action: 1, request: { type: "list-folder", path: "/home/tc" } }],
  [5_020, { type: "exchange-replied", exchange: 2, status: 200, headers: [] }],
  [5_030, { type: "exchange-ended", exchange: 2, outcome: "complete", request: body, reply: body }],
  [5_200, { type: "exchange-started", exchange: 3, method: "POST", target: "/engine/v1/reply", headers: [] }],
  [5_250, { type: "exchange-replied", exchange: 3, status: 503, headers: [] }],
  [5_260, { type: "exchange-ended", exchange: 3, outcome: "complete", request: body, reply: body }],
  [65_000, { type: "task-result", result: "success" }],
  [65_300, { type: "run-finished", result: "success" }],
];

/** The outputs of the consoles, each piece with its time in milliseconds since the start. */
const serial = [
  [1_000, "SeaBIOS (version 1.16.2)\r\n"],
  [2_500, "microcore: a TinyCore work-alike\r\n\r\n"],
  [3_900, "tc@box:~$ "],
] as const;
const log = [
  [4_300, "make: Entering directory '/home/tc'\r\n"],
  [30_000, "\x1b[32mall tests passed\x1b[0m\r\n"],
] as const;

/** Leaves a run that has ended, with all that it has shown in 65 seconds. @returns its id */
export async function leaveRecording(engine: ScriptedEngine): Promise<string> {
  const run = await engine.beginRun();
  const { id, paths: files } = run.session;
  await run.end();
  const lines: readonly object[] = [
    {
      version: 1,
      time: start,
      type: "run-started",
      session: id,
      folder: files.folder,
      kind: "run",
      title: "Run of recorded",
      task: { command: ["make", "test"], env: {} },
      keepAlive: false,
    } satisfies SessionHappening & { version: number },
    ...events.map(([time, event]) => ({ time: start + time, ...event })),
  ];
  const numbered = lines.map((line, index) => `${JSON.stringify({ seq: index + 1, ...line })}\n`);
  writeFileSync(files.events, numbered.join(""));
  writeTrack(files.serialLog, files.serialTimes, serial);
  writeTrack(files.taskLog, files.taskTimes, log);
  mkdirSync(files.screens);
  writeFileSync(
    join(files.screens, "aa.png"),
    PNG.sync.write(new PNG({ width: 720, height: 400, fill: true })),
  );
  copyFileSync(join(import.meta.dirname, "screen.png"), join(files.screens, "bb.png"));
  return id;
}

function writeTrack(
  path: string,
  timesPath: string,
  pieces: readonly (readonly [time: number, text: string])[],
): void {
  let bytes = 0;
  const times = pieces.map(([time, text]) => {
    bytes += Buffer.byteLength(text);
    return `${start + time} ${bytes}\n`;
  });
  writeFileSync(path, pieces.map(([, text]) => text).join(""));
  writeFileSync(timesPath, times.join(""));
}
