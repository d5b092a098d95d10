import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { execa } from "execa";
import { z } from "zod";
import { createGrowingFile } from "../core/files/logs/growing-file.ts";
import { LogFile } from "../core/files/logs/log-file.ts";
import { createExchangeRecorder } from "../core/metaservice/record/exchange-recorder.ts";
import { createSessionRules, type SessionRules } from "../core/metaservice/rules/session-rules.ts";
import { startMetaService } from "../core/metaservice/service/meta-service.ts";
import { openSessionLog } from "../core/session-record/session-log.ts";
import { logQuotas } from "../core/session-record/session-log-quota.ts";
import { startGuestClock } from "../core/time/guest-clock.ts";
import { ruleSchema } from "../shared/rules/rule.ts";
import { interleavedPairs, judged, judgedPairs, median, type Pair } from "./figures.ts";

// node bench/meta-service.ts [ROUNDS [SECONDS]]
// The MetaService as a run has it, with its exchanges recorded, beside a service of Go's net/http that does the same
// work: bench/reference-service. One client, also Go's, over unix sockets. Ratios are of interleaved pairs. Then memory
// over so many seconds of 1,000 exchanges each.

const rounds = Number(process.argv[2] ?? 9);
const seconds = Number(process.argv[3] ?? 60);
const bars = { ping: 1.3, newConnection: 1.5, speed: 0.6, noRules: 1.03 };
/** Of a rule that fits no message. Microseconds an exchange. */
const unfitRuleBar = 100;
const pings = 4000;
const newConnections = 1000;
const megabytes = 200;
const exchangesASecond = 1000;
/** Garbage that was not collected. Bytes. */
const memoryBar = 3e6;

const folder = await mkdtemp(join(tmpdir(), "tinsmith-bench-"));
const goProgram = join(folder, "reference-service");
try {
  await execa("go", ["build", "-o", goProgram, "main.go"], {
    cwd: join(import.meta.dirname, "reference-service"),
    env: { CGO_ENABLED: "0" },
  });
  for await (const line of lines()) process.stdout.write(`${line}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function* lines(): AsyncGenerator<string> {
  await using ours = await startService();
  await using reference = await startReference();
  const measure = (figure: (socketPath: string) => Promise<number>) =>
    interleavedPairs(
      rounds,
      () => figure(ours.socketPath),
      () => figure(reference.socketPath),
    );
  const ping = (socketPath: string) => runClient("ping", socketPath, `${pings}`);
  const connect = (socketPath: string) => runClient("ping", socketPath, `${newConnections}`, "new");
  // Compiled code is what a session has after its first minute.
  await ping(ours.socketPath);
  await connect(ours.socketPath);
  yield latencyLine("ping", await measure(ping), bars.ping);
  yield latencyLine("ping on a new connection", await measure(connect), bars.newConnection);
  yield* rulesLines(ping);
  const log = async () => {
    // More than one log would exceed the burst that a session may log at full speed.
    await using session = await startService();
    return await runClient("send", session.socketPath, "log", `${megabytes}`);
  };
  yield speedLine("log", await interleavedPairs(rounds, log, () => reference.take("log")));
  yield speedLine(
    "artifact, on the disk",
    await interleavedPairs(rounds, ours.artifact, () => reference.take("reply?id=any")),
  );
  yield await memoryLine();
}

function latencyLine(name: string, pairs: readonly Pair[], bar: number): string {
  const [ours, theirs] = [
    median(pairs.map((pair) => pair.ours)),
    median(pairs.map((pair) => pair.reference)),
  ];
  return `${name}: ${ours.toFixed(0)} µs, Go's ${theirs.toFixed(0)} µs, ratio ${judgedPairs(pairs, bar, "at most")}`;
}

/** A service that could have rules beside one that can't, and the time that a rule costs which fits no message. */
async function* rulesLines(ping: (socketPath: string) => Promise<number>): AsyncGenerator<string> {
  const report = () => {};
  await using plain = await startService();
  await using without = await startService(createSessionRules({ report }));
  const unfit = ruleSchema.parse({
    name: "unfit",
    when: { endpoint: "poll", json: { type: "none" } },
    steps: [{ drop: true }],
    times: "always",
  });
  await using withUnfit = await startService(createSessionRules({ report, rules: [unfit] }));
  for (const { socketPath } of [plain, without, withUnfit]) await ping(socketPath);
  const beside = (other: string) =>
    interleavedPairs(
      rounds,
      () => ping(other),
      () => ping(plain.socketPath),
    );
  const none = await beside(without.socketPath);
  yield `ping, no rules: ratio to a service that can't have any ${judgedPairs(none, bars.noRules, "at most")}`;
  const costs = (await beside(withUnfit.socketPath)).map(({ ours, reference }) => ours - reference);
  yield `ping, a rule that doesn't fit: ${judged(median(costs), unfitRuleBar, "at most", 1)} µs more`;
}

/** @param pairs in microseconds for all of the bytes */
function speedLine(name: string, pairs: readonly Pair[]): string {
  const speeds = pairs.map(({ ours, reference }) => ({
    ours: (megabytes * 1e6) / ours,
    reference: (megabytes * 1e6) / reference,
  }));
  const [ours, theirs] = [
    median(speeds.map((pair) => pair.ours)),
    median(speeds.map((pair) => pair.reference)),
  ];
  return `${name}: ${ours.toFixed(0)} MB/s, Go's ${theirs.toFixed(0)} MB/s, ratio ${judgedPairs(speeds, bars.speed, "at least")}`;
}

/** Runs the client to its end. @returns the median of its times in microseconds. */
async function runClient(...args: readonly string[]): Promise<number> {
  const { stdout } = await execa(goProgram, args);
  return median(z.array(z.number()).parse(JSON.parse(stdout)));
}

/** A service of its own session, in a folder of its own. */
async function startService(rules?: SessionRules) {
  const session = await mkdtemp(join(folder, "session-"));
  const socketPath = join(session, "meta.sock");
  const events = openSessionLog(join(session, "events.jsonl"));
  const recorder = createExchangeRecorder({ report: events.record, folder: session });
  const log = await LogFile.create(createGrowingFile(join(session, "task.log")), { quota: logQuotas.task });
  const service = await startMetaService({
    socketPath,
    clock: startGuestClock(),
    task: { env: {}, command: [] },
    log: (chunk) => log.write(chunk),
    onLogEnd: () => log.flush(),
    onAction: events.record,
    recorder,
    rules,
  });
  const artifact = async () => {
    const target = join(session, "artifact");
    const got = service.actions.getArtifact("/artifact", target);
    const { id } = await poll(socketPath);
    const took = await runClient("send", socketPath, `reply?id=${id}`, `${megabytes}`);
    await got;
    await rm(target);
    return took;
  };
  return {
    service,
    socketPath,
    artifact,
    [Symbol.asyncDispose]: async () => {
      await service.close();
      await recorder.close();
      await log[Symbol.asyncDispose]();
      events[Symbol.dispose]();
      await rm(session, { recursive: true });
    },
  };
}

/** The reference, in a process of its own. */
async function startReference() {
  const own = join(folder, "reference");
  await mkdir(own);
  const socketPath = join(own, "meta.sock");
  const service = execa(goProgram, ["serve", socketPath, own], { reject: false });
  while (!existsSync(socketPath)) await delay(1);
  return {
    socketPath,
    take: async (endpoint: string) => {
      const took = await runClient("send", socketPath, endpoint, `${megabytes}`);
      await rm(join(own, "body"));
      return took;
    },
    [Symbol.asyncDispose]: async () => {
      service.kill();
      await service;
    },
  };
}

async function poll(socketPath: string): Promise<{ id: string }> {
  const sent = request({ socketPath, path: "/engine/v1/poll" }).end();
  const [reply] = await once(sent, "response");
  return JSON.parse(await text(reply));
}

async function memoryLine(): Promise<string> {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  await using host = await startService();
  const script = join(import.meta.dirname, "scripted-guest.ts");
  const guest = execa("node", [script, host.socketPath], { reject: false });
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
