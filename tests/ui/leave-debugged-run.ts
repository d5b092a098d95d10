import { mkdirSync, writeFileSync } from "node:fs";
import { sessionLogVersion } from "../../core/session-record/session-log-version.ts";
import { type Paths, sessionPaths } from "../../core/storage/paths.ts";
import type { GuestActionRequest } from "../../shared/guest/guest-action.ts";
import { runTitle } from "../../shared/session/run.ts";
import type { SessionHappening } from "../../shared/session/session-event.ts";

const image = "/images/worker.tar.lz4";
const task = { command: ["sh", "-c", "make test"], env: {} };
const headers = [
  ["User-Agent", "guest-tools/1"],
  ["Content-Type", "application/json"],
] as const;
const body = (text: string, bytes = text.length) => ({
  bytes,
  beginning: Buffer.from(text).toString("base64"),
});

/** An exchange of a sample: its moments are seconds since the session began. */
interface Sample {
  readonly target: string;
  readonly at: number;
  readonly received?: number;
  readonly replied?: number;
  readonly ended?: number;
  readonly status?: number;
  readonly sent?: string;
  readonly sentBytes?: number;
  readonly reply?: string;
  readonly outcome?: "complete" | "cut";
}

/**
 * Leaves an ended run that somebody has debugged: with a boot, a task, polls, actions, a log that was streamed, faults and
 * rules, at fixed times. @returns its id
 */
export function leaveDebuggedRun(paths: Paths): string {
  const id = "20261102-090000-de60";
  const files = sessionPaths(paths, id);
  const begin = Date.UTC(2026, 10, 2, 9);
  const events: SessionHappening[] = [];
  const at = (seconds: number) => begin + seconds * 1_000;
  let exchanges = 0;
  const add = (event: SessionHappening) => events.push(event);
  const exchange = (sample: Sample) => {
    const { target, at: started, received, replied, ended, status = 200, sent = "", reply = "" } = sample;
    exchanges += 1;
    const method = sent === "" ? "GET" : "POST";
    add({
      type: "exchange-started",
      exchange: exchanges,
      time: at(started),
      method,
      target: `/engine/v1/${target}`,
      headers,
    });
    if (received !== undefined) add({ type: "exchange-received", exchange: exchanges, time: at(received) });
    if (replied !== undefined)
      add({ type: "exchange-replied", exchange: exchanges, time: at(replied), status, headers });
    if (ended !== undefined)
      add({
        type: "exchange-ended",
        exchange: exchanges,
        time: at(ended),
        outcome: sample.outcome ?? "complete",
        request: body(sent, sample.sentBytes),
        reply: body(reply),
      });
    return exchanges;
  };
  const action = (number: number, request: GuestActionRequest, requested: number) =>
    add({ type: "action-requested", action: number, request, time: at(requested) });

  add({
    type: "run-started",
    time: begin,
    session: id,
    folder: files.folder,
    kind: "run",
    title: runTitle(image),
    image,
    task,
    keepAlive: false,
  });
  add({ type: "qemu-started", time: at(0.8), command: ["qemu-system-i386"] });
  add({ type: "vm-changed", time: at(1.1), change: "running" });
  add({ type: "boot-stage", time: at(1.9), stage: "loader", line: "ISOLINUX 6.04" });
  add({ type: "boot-stage", time: at(2.6), stage: "kernel", line: "[    0.000000] Linux version 6.1.0" });
  add({ type: "boot-stage", time: at(5.8), stage: "userland", line: "Run /init as init process" });
  add({ type: "guest-tools-started", time: at(9.2) });
  exchange({
    target: "execute",
    at: 9.2,
    replied: 9.203,
    ended: 9.204,
    reply: '{"env":{},"command":["sh","-c","make test"]}',
  });
  const refused = exchange({
    target: "ping",
    at: 9.3,
    replied: 9.302,
    ended: 9.303,
    status: 503,
    reply: '{"code":"InternalError"}',
  });
  add({
    type: "rule-hit",
    time: at(9.301),
    rule: "Refuse the first ping",
    exchange: refused,
    from: "guest",
    hit: 1,
    seed: 7,
    steps: ["answer"],
  });
  exchange({ target: "ping", at: 10.3, replied: 10.301, ended: 10.302 });
  exchange({
    target: "log",
    at: 9.6,
    received: 43.1,
    replied: 43.103,
    ended: 43.104,
    sent: "make: Entering directory\n",
    sentBytes: 1_482_113,
  });
  action(1, { type: "list-folder", path: "/etc" }, 15);
  const first = exchange({
    target: "poll",
    at: 9.4,
    replied: 15.001,
    ended: 15.002,
    reply: '{"type":"list-folder","path":"/etc"}',
  });
  add({ type: "action-taken", action: 1, id: "a", exchange: first, time: at(15.001) });
  const listing = exchange({
    target: "reply?id=a",
    at: 15.2,
    received: 15.9,
    replied: 15.91,
    ended: 15.911,
    sent: '{"files":["/etc/passwd"]}',
    sentBytes: 12_400,
  });
  add({ type: "action-answered", action: 1, id: "a", exchange: listing, time: at(15.2) });
  add({ type: "action-ended", action: 1, kind: "list-folder", time: at(15.91) });
  action(2, { type: "get-artifact", path: "/home/tc/report.json" }, 18);
  const second = exchange({
    target: "poll",
    at: 16,
    replied: 18.001,
    ended: 18.002,
    reply: '{"type":"get-artifact"}',
  });
  add({ type: "action-taken", action: 2, id: "b", exchange: second, time: at(18.001) });
  const held = exchange({
    target: "reply?id=b",
    at: 18.3,
    received: 18.5,
    replied: 24.6,
    ended: 24.601,
    status: 400,
    sent: '{"code":"BadId"}',
    sentBytes: 48_200,
    reply: '{"code":"BadId","message":"no such action"}',
  });
  add({
    type: "rule-hit",
    time: at(18.51),
    rule: "Break on reply",
    exchange: held,
    from: "host",
    hit: 1,
    seed: 7,
    steps: ["hold"],
  });
  add({
    type: "message-held",
    held: 1,
    time: at(18.51),
    rule: "Break on reply",
    exchange: held,
    from: "host",
  });
  add({
    type: "message-released",
    held: 1,
    time: at(24.59),
    rule: "Break on reply",
    exchange: held,
    release: "edited",
  });
  add({ type: "action-answered", action: 2, id: "b", exchange: held, time: at(18.3) });
  add({
    type: "action-ended",
    action: 2,
    kind: "get-artifact",
    time: at(24.6),
    error: { code: "guest-refused", message: "the guest refused" } as never,
  });
  exchange({ target: "poll", at: 25, replied: 45, ended: 45.001, reply: '{"type":"none"}' });
  exchange({ target: "log", at: 43.2, received: 44.4, ended: 44.4, sent: "late lines\n", outcome: "cut" });
  exchange({ target: "../metadata", at: 44.5, replied: 44.501, ended: 44.502, status: 404 });
  const result = exchange({ target: "success", at: 45.2, replied: 45.21, ended: 45.211, sent: "{}" });
  add({
    type: "finding",
    time: at(45.2),
    exchange: result,
    name: "log too short",
    text: "The log has 1,482,124 bytes of the 1,613,402 bytes that the task has written.",
  });
  add({ type: "task-result", time: at(45.21), result: "success" });
  add({ type: "vm-changed", time: at(46.8), change: "shut down" });
  add({ type: "qemu-ended", time: at(46.9), end: { reason: "exit" } });
  add({ type: "run-finished", time: at(47), result: "success" });
  mkdirSync(files.folder, { recursive: true });
  const lines = events.map((event, index) =>
    JSON.stringify({ ...(index === 0 && { version: sessionLogVersion }), seq: index + 1, ...event }),
  );
  writeFileSync(files.events, `${lines.join("\n")}\n`);
  const times = (seconds: readonly number[]) =>
    seconds.map((second, index) => `${at(second)} ${(index + 1) * 640}\n`).join("");
  writeFileSync(
    files.serialTimes,
    times([1.4, 1.9, 2, 2.6, 2.8, 3.1, 3.4, 4.2, 5, 5.8, 6.1, 7.7, 9, 46.1, 46.7]),
  );
  writeFileSync(files.taskTimes, times([9.7, 10.4, 12, 12.2, 19, 19.4, 27, 33.6, 41, 43]));
  return id;
}
