import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sessionLogVersion } from "../../core/session-record/session-log-version.ts";
import { type Paths, sessionPaths } from "../../core/storage/paths.ts";
import type { ExchangeHeaders } from "../../shared/guest/exchange.ts";
import type { GuestActionRequest } from "../../shared/guest/guest-action.ts";
import { runTitle } from "../../shared/session/run.ts";
import type { SessionHappening } from "../../shared/session/session-event.ts";

const image = "/images/worker.tar.lz4";
const listing = (files: readonly string[]) => JSON.stringify({ files });

interface Sample {
  readonly target: string;
  readonly status?: number;
  readonly sent?: string;
  readonly reply?: string;
  /** Of the response. */
  readonly headers?: ExchangeHeaders;
  /** The rule that has answered it. */
  readonly rule?: string;
}

/** The differences of a run from another one. */
interface RunSample {
  readonly id: string;
  /** Days of November 2026. */
  readonly day: number;
  readonly env: Readonly<Record<string, string>>;
  readonly result: "success" | "failed";
  /** Of the guest's action. */
  readonly action: string;
  readonly middle: readonly Sample[];
  /** Polls without an action, before the log. */
  readonly emptyPolls: number;
  /** All that the guest has sent as its log. */
  readonly log: string;
}

const before: readonly Sample[] = [
  { target: "execute", reply: '{"env":{},"command":["sh","-c","make test"]}' },
  ...Array.from({ length: 12 }, () => ({ target: "ping" })),
];
const after: readonly Sample[] = Array.from({ length: 9 }, () => ({ target: "ping" }));

/** Writes the record of a run that has ended. */
function leaveRun(paths: Paths, { id, day, env, result, action, middle, emptyPolls, log }: RunSample): void {
  const files = sessionPaths(paths, id);
  const begin = Date.UTC(2026, 10, day, 9);
  const request: GuestActionRequest = { type: "list-folder", path: "/home/tc" };
  const events: SessionHappening[] = [
    {
      type: "run-started",
      time: begin,
      session: id,
      folder: files.folder,
      kind: "run",
      title: runTitle(image),
      image,
      task: { command: ["sh", "-c", "make test"], env },
      keepAlive: false,
    },
    { type: "guest-tools-started", time: begin + 9_000 },
    { type: "action-requested", action: 1, request, time: begin + 9_001 },
  ];
  mkdirSync(join(files.folder, "bodies"), { recursive: true });
  const polls = Array.from({ length: emptyPolls }, () => ({ target: "poll" }));
  const samples: readonly Sample[] = [...before, ...middle, ...after, ...polls, { target: "log", sent: log }];
  for (const [index, sample] of samples.entries()) {
    const { target, status = 200, sent = "", reply = "", headers = [], rule } = sample;
    const exchange = index + 1;
    const time = begin + 9_100 + index * 250;
    const body = (text: string, name: "request" | "reply") => {
      const bytes = Buffer.byteLength(text);
      const file = `bodies/${exchange}.${name}`;
      if (bytes > 4_096) writeFileSync(join(files.folder, file), text.slice(0, 1024 ** 2));
      const beginning = Buffer.from(text.slice(0, 4_096)).toString("base64");
      return { bytes, beginning, ...(bytes > 4_096 && { file }) };
    };
    events.push(
      {
        type: "exchange-started",
        exchange,
        time,
        method: sent === "" ? "GET" : "POST",
        target: `/engine/v1/${target}`,
        headers: [
          ["Host", "localhost"],
          ["Connection", "close"],
        ],
      },
      {
        type: "exchange-replied",
        exchange,
        time: time + 2,
        status,
        headers: [
          ["Content-Length", `${Buffer.byteLength(reply)}`],
          ["Date", new Date(time).toUTCString()],
          ["Connection", "close"],
          ...headers,
        ],
      },
      {
        type: "exchange-ended",
        exchange,
        time: time + 3,
        outcome: "complete",
        request: body(sent, "request"),
        reply: body(reply, "reply"),
      },
    );
    if (rule !== undefined)
      events.push({
        type: "rule-hit",
        rule,
        exchange,
        from: "host",
        hit: 1,
        seed: 1,
        steps: ["answer"],
        time,
      });
    const about = { action: 1, id: action, exchange, time: time + 1 } as const;
    if (target === "poll" && reply !== "") events.push({ type: "action-taken", ...about });
    if (target.startsWith("reply")) events.push({ type: "action-answered", ...about });
  }
  const end = begin + 9_100 + samples.length * 250 + (result === "success" ? 0 : 4_000);
  events.push({ type: "task-result", time: end, result }, { type: "run-finished", time: end, result });
  const lines = events.map((event, index) =>
    JSON.stringify({ ...(index === 0 && { version: sessionLogVersion }), seq: index + 1, ...event }),
  );
  writeFileSync(files.events, `${lines.join("\n")}\n`);
}

/**
 * Leaves two ended runs of one command: the second one lists another file, is refused once by a rule, sends its answer again, has
 * another result and a longer log. @returns their ids
 */
export function leaveComparedRuns(paths: Paths): readonly [first: string, second: string] {
  const [first, second] = ["20261102-090000-aaaa", "20261103-090000-bbbb"] as const;
  const [one, other] = ["a".repeat(22), "b".repeat(22)] as const;
  const poll = (id: string) => ({
    target: "poll",
    reply: JSON.stringify({ id, type: "list-folder", path: "/home/tc" }),
  });
  const lines = Array.from({ length: 700 }, (_, line) => `ok test ${line + 1}\n`).join("");
  leaveRun(paths, {
    id: first,
    day: 2,
    env: { LANGUAGE: "en", SHARD: "1" },
    result: "success",
    action: one,
    middle: [
      poll(one),
      { target: `reply?id=${one}`, sent: listing(["/home/tc/.profile", "/home/tc/report.json"]) },
      { target: "success", sent: "{}" },
    ],
    emptyPolls: 2,
    log: `${lines}all tests passed\n`,
  });
  leaveRun(paths, {
    id: second,
    day: 3,
    env: { LANGUAGE: "en", SHARD: "2" },
    result: "failed",
    action: other,
    middle: [
      poll(other),
      {
        target: `reply?id=${other}`,
        status: 503,
        sent: listing(["/home/tc/.profile", "/home/tc/core"]),
        reply: '{"code":"Busy","message":"try again"}',
        headers: [["Retry-After", "5"]],
        rule: "Refuse the first reply",
      },
      { target: `reply?id=${other}`, sent: listing(["/home/tc/.profile", "/home/tc/core"]) },
      { target: "failed", sent: "{}" },
    ],
    emptyPolls: 3,
    log: `${lines}test 701 failed\n${"trace\n".repeat(200_000)}`,
  });
  return [first, second];
}
