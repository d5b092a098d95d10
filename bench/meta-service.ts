import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { execa } from "execa";
import { createGrowingFile } from "../core/files/growing-file.ts";
import { LogFile } from "../core/files/log-file.ts";
import { createExchangeRecorder } from "../core/meta/exchange-recorder.ts";
import { startMetaService } from "../core/meta/meta-service.ts";
import { openSessionLog } from "../core/session/session-log.ts";
import { judged, median, quantile } from "./figures.ts";

// node bench/meta-service.ts [ROUNDS [SECONDS]]
// The MetaService as a run has it, with its exchanges recorded: a file and a log that come from socat, beside two
// socats that copy the same bytes over a unix socket to a file; actions of a scripted guest beside bare HTTP round
// trips; and memory over so many seconds of 1,000 exchanges each. Ratios are of runs in the same round.

const rounds = Number(process.argv[2] ?? 7);
const seconds = Number(process.argv[3] ?? 60);
const bytes = 200e6;
const speedBar = 0.5;
const roundTrips = 5000;
const exchangesASecond = 1000;
/** Garbage that was not collected. Bytes. */
const memoryBar = 3e6;

const folder = await mkdtemp(join(tmpdir(), "tinsmith-bench-"));
try {
  const body = randomBytes(bytes);
  await writeFile(join(folder, "body"), body);
  await execa("sync");
  for (const line of [...(await speeds(body)), await roundTripLine(), await memoryLine()])
    process.stdout.write(`${line}\n`);
} finally {
  await rm(folder, { recursive: true });
}

/** A service of its own session, in a folder of its own. */
async function startService() {
  const session = await mkdtemp(join(folder, "session-"));
  const events = openSessionLog(join(session, "events.jsonl"));
  const recorder = createExchangeRecorder({ report: events.record, folder: session });
  const log = await LogFile.create(createGrowingFile(join(session, "task.log")));
  const logged = Promise.withResolvers<void>();
  const service = await startMetaService({
    socketPath: socketOf(session),
    task: { env: {}, command: [] },
    log: (chunk) => log.write(chunk),
    onLogEnd: async () => {
      await log.flush();
      logged.resolve();
    },
    onAction: events.record,
    recorder,
  });
  return {
    service,
    session,
    /** Settles when a log has ended, and its file has all of it. */
    logged: logged.promise,
    [Symbol.asyncDispose]: async () => {
      await service.close();
      await recorder.close();
      await log[Symbol.asyncDispose]();
      events[Symbol.dispose]();
      await rm(session, { recursive: true });
    },
  };
}

/** Has socat send a file to a socket; the same for all. */
function sendFile(file: string, socketPath: string) {
  return execa("socat", ["-u", "-b", "65536", `OPEN:${file}`, `UNIX-CONNECT:${socketPath}`]);
}

/** Seconds in which socat copies the body from a socket to a file, and in which that is on the disk as well. */
async function copyBySocat(): Promise<{ readonly socat: number; readonly synced: number }> {
  const socketPath = join(folder, "socat.sock");
  const copy = join(folder, "copy");
  const receiver = execa("socat", ["-u", "-b", "65536", `UNIX-LISTEN:${socketPath}`, `CREATE:${copy}`]);
  while (!existsSync(socketPath)) await delay(1);
  const start = performance.now();
  await Promise.all([sendFile(join(folder, "body"), socketPath), receiver]);
  const socat = (performance.now() - start) / 1000;
  await using file = await open(copy);
  await file.sync();
  const synced = (performance.now() - start) / 1000;
  await rm(copy);
  return { socat, synced };
}

/** Seconds in which the service has the body as an artifact, on the disk. */
async function receiveArtifact(body: Uint8Array): Promise<number> {
  await using host = await startService();
  const target = join(host.session, "artifact");
  const got = host.service.actions.getArtifact("/artifact", target);
  const { id } = await poll(host.session);
  const file = await writeRequest(host.session, `reply?id=${id}`, body);
  const start = performance.now();
  await Promise.all([sendFile(file, socketOf(host.session)), got]);
  return (performance.now() - start) / 1000;
}

/** Seconds in which the service has the body as a log, in the log's file. */
async function receiveLog(body: Uint8Array): Promise<number> {
  await using host = await startService();
  const file = await writeRequest(host.session, "log", body);
  const start = performance.now();
  await Promise.all([sendFile(file, socketOf(host.session)), host.logged]);
  return (performance.now() - start) / 1000;
}

async function writeRequest(session: string, path: string, body: Uint8Array): Promise<string> {
  const file = join(session, "request");
  await writeFile(file, `POST /engine/v1/${path} HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n`);
  await appendFile(file, body);
  await execa("sync");
  return file;
}

async function speeds(body: Uint8Array): Promise<string[]> {
  const runs: { socat: number; synced: number; artifact: number; log: number }[] = [];
  for (let round = 0; round < rounds; round++)
    runs.push({
      ...(await copyBySocat()),
      artifact: await receiveArtifact(body),
      log: await receiveLog(body),
    });
  const speed = (kind: keyof (typeof runs)[number]) =>
    `${(bytes / 1e6 / median(runs.map((run) => run[kind]))).toFixed(0)} MB/s`;
  const ratio = (reference: "socat" | "synced", kind: "artifact" | "log") =>
    judged(median(runs.map((run) => run[reference] / run[kind])), speedBar, "at least");
  return [
    `socat: ${speed("socat")}, and ${speed("synced")} until it is on the disk`,
    // A file is whole when it is on the disk; a log's lines are in its file.
    `artifact, on the disk: ${speed("artifact")}, ratio ${ratio("synced", "artifact")}`,
    `log: ${speed("log")}, ratio ${ratio("socat", "log")}`,
  ];
}

async function roundTripLine(): Promise<string> {
  await using host = await startService();
  const pings: number[] = [];
  const actions: number[] = [];
  for (let part = 0; part < 5; part++) {
    const { stdout } = await runGuest(host.session, "pings", `${roundTrips / 5}`);
    pings.push(...JSON.parse(stdout));
    const guest = runGuest(host.session, "actions");
    await host.service.actions.killProcess();
    for (let done = 0; done < roundTrips / 5; done++) {
      const start = performance.now();
      await host.service.actions.killProcess();
      actions.push(performance.now() - start);
    }
    guest.kill();
    await guest;
  }
  const figure = (part: number) => {
    const [ping, action] = [quantile(pings, part), quantile(actions, part)];
    return `${action.toFixed(2)} ms, a ping ${ping.toFixed(2)} ms, ratio ${(action / ping).toFixed(2)}`;
  };
  return `action: median ${figure(0.5)}; p99 ${figure(0.99)}`;
}

async function memoryLine(): Promise<string> {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  await using host = await startService();
  const guest = runGuest(host.session, "actions");
  const used: number[] = [];
  let done = 0;
  const start = performance.now();
  // An action is two exchanges: a poll and its reply.
  for (let part = 0; part <= 6; part++) {
    for (; done < (seconds / 6) * part * (exchangesASecond / 2); done++) {
      await host.service.actions.killProcess();
      const early = start + (done / (exchangesASecond / 2)) * 1000 - performance.now();
      if (early > 5) await delay(early);
    }
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    used.push(heapUsed + external);
  }
  const rate = (2 * done) / ((performance.now() - start) / 1000);
  guest.kill();
  await guest;
  const growth = (used.at(-1) ?? 0) - (used[1] ?? 0);
  const figures = used.map((value) => (value / 1e6).toFixed(1)).join(" ");
  return `${2 * done} exchanges, ${rate.toFixed(0)} a second: MB in use ${figures}; growth ${judged(growth / 1e6, memoryBar / 1e6, "at most", 1)}`;
}

/** Runs the scripted guest until its work is done, or it is killed. */
function runGuest(session: string, ...work: readonly string[]) {
  const script = join(import.meta.dirname, "scripted-guest.ts");
  return execa("node", [script, socketOf(session), ...work], { reject: false });
}

async function poll(session: string): Promise<{ id: string }> {
  const sent = request({ socketPath: socketOf(session), path: "/engine/v1/poll" }).end();
  const [reply] = await once(sent, "response");
  return JSON.parse(await text(reply));
}

function socketOf(session: string): string {
  return join(session, "meta.sock");
}
