import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { runTitle } from "../../shared/session/run.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const empty = { bytes: 0, beginning: "" };
const json = [["Content-Type", "application/json"]];

/** Leaves an ended run with this many exchanges, as if it had been run before. @returns its id */
export function leaveExchanges(paths: Paths, count: number): string {
  const id = "20261101-120000-ab12";
  const files = sessionPaths(paths, id);
  mkdirSync(files.folder, { recursive: true });
  const file = openSync(files.events, "wx");
  let seq = 0;
  let lines: string[] = [];
  const begin = Date.UTC(2026, 10, 1, 12);
  const flush = () => {
    writeSync(file, lines.join(""));
    lines = [];
  };
  const add = (event: object) => {
    seq += 1;
    lines.push(`${JSON.stringify({ seq, ...event })}\n`);
    if (lines.length === 10_000) flush();
  };
  const image = "/images/worker.tar.lz4";
  const task = { command: ["sh", "-c", "make test"], env: {} };
  const run = { kind: "run", title: runTitle(image), image, task, keepAlive: false };
  add({ type: "run-started", time: begin, session: id, folder: files.folder, ...run });
  for (let exchange = 1; exchange <= count; exchange += 1) {
    const time = begin + exchange * 40;
    const isPoll = exchange % 2 === 0;
    const [method, target] = isPoll
      ? ["GET", "/engine/v1/poll"]
      : ["POST", `/engine/v1/reply?id=${`${exchange}`.padStart(22, "A")}`];
    const [status, reply] = isPoll
      ? [
          200,
          {
            bytes: 80,
            beginning: base64(`{"id":"${exchange}","type":"none","path":"","command":[],"tty":false}`),
          },
        ]
      : [exchange % 5 === 0 ? 400 : 200, empty];
    add({
      type: "exchange-started",
      exchange,
      time,
      method,
      target,
      headers: [["User-Agent", "guest-tools"]],
    });
    add({ type: "exchange-replied", exchange, time: time + (isPoll ? 30 : 1), status, headers: json });
    add({
      type: "exchange-ended",
      exchange,
      time: time + (isPoll ? 31 : 4),
      outcome: "complete",
      request: empty,
      reply,
    });
  }
  add({ type: "task-result", time: begin + count * 40, result: "success" });
  add({ type: "run-finished", time: begin + count * 40, result: "success" });
  flush();
  closeSync(file);
  return id;
}
