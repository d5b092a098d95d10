import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createExchangeRecorder } from "../core/metaservice/record/exchange-recorder.ts";
import {
  type WatchedReply,
  type WatchedRequest,
  watchedMessages,
} from "../core/metaservice/record/watch-http.ts";
import { openSessionLog } from "../core/session-record/session-log.ts";
import { judged, judgedPairs, median, type Pair } from "./figures.ts";

// node bench/exchanges.ts [ROUNDS]
// What it costs to record exchanges: the same server with and without the recorder, in turns, over a unix socket, with
// its client in a thread of its own. Prints medians; ratios are of runs in the same round. Then memory over 60,000
// recorded exchanges.

/** The requests of a client: one with a body, or many without, one after another. */
interface Work {
  readonly socketPath: string;
  readonly bytes?: number;
  readonly exchanges?: number;
}

const uploadBytes = 1e9;
const exchangesARound = 10_000;
const memoryExchanges = 60_000;
const reply = JSON.stringify({ id: "A".repeat(22), type: "none", path: "", command: [], tty: false });
/** A recorder may take this part of the throughput, which is less than what two runs alike differ by. */
const timeBar = 1.05;
/** Garbage that was not collected; what is kept of each exchange would add up to more. Bytes. */
const memoryBar = 2e6;

if (isMainThread) await measure();
else await doWork(workerData);

async function measure(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 9);
  const folder = await mkdtemp(join(tmpdir(), "tinsmith-bench-"));
  try {
    const upload = await compare(folder, rounds, { bytes: uploadBytes });
    const exchanges = await compare(folder, rounds, { exchanges: exchangesARound });
    const added = ((exchanges.recorded - exchanges.bare) / exchangesARound) * 1e6;
    print(
      `1 GB upload: ${upload.bare.toFixed(2)} s, recorded ${upload.recorded.toFixed(2)} s, ` +
        `ratio ${judgedPairs(upload.pairs, timeBar, "at most")}`,
      `${exchangesARound} exchanges: ${exchanges.bare.toFixed(2)} s, recorded ${exchanges.recorded.toFixed(2)} s, ` +
        `${added.toFixed(0)} µs more each`,
      await memoryOver(folder),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Comparison {
  readonly bare: number;
  readonly recorded: number;
  readonly pairs: readonly Pair[];
}

/** Seconds with and without the recorder, after a round that does not count. */
async function compare(folder: string, rounds: number, work: Omit<Work, "socketPath">): Promise<Comparison> {
  const runs: { bare: number; recorded: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const run = { bare: 0, recorded: 0 };
    const order = round % 2 === 0 ? (["bare", "recorded"] as const) : (["recorded", "bare"] as const);
    for (const kind of order) {
      await using server = await startServer(folder, kind === "recorded");
      run[kind] = await runClient({ ...work, socketPath: server.socketPath });
    }
    if (round > 0) runs.push(run);
  }
  return {
    bare: median(runs.map(({ bare }) => bare)),
    recorded: median(runs.map(({ recorded }) => recorded)),
    pairs: runs.map(({ bare, recorded }) => ({ ours: recorded, reference: bare })),
  };
}

async function memoryOver(folder: string): Promise<string> {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const used: number[] = [];
  await using server = await startServer(folder, true);
  for (let done = 0; done <= memoryExchanges; done += exchangesARound) {
    await runClient({ exchanges: exchangesARound, socketPath: server.socketPath });
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    used.push(heapUsed + external);
  }
  const [first = 0] = used;
  const growth = (used.at(-1) ?? 0) - first;
  const figures = used.map((bytes) => (bytes / 1e6).toFixed(1)).join(" ");
  return `MB in use after each 10,000 exchanges: ${figures}; growth ${judged(growth / 1e6, memoryBar / 1e6, "at most", 1)} MB`;
}

/** A server that takes a body as the MetaService takes a log, and has a poll's reply for it. */
async function startServer(parent: string, isRecorded: boolean) {
  const folder = await mkdtemp(join(parent, "session-"));
  const socketPath = join(folder, "meta.sock");
  const log = openSessionLog(join(folder, "events.jsonl"));
  const recorder = createExchangeRecorder({ report: log.record, folder });
  const serve: RequestListener<typeof WatchedRequest, typeof WatchedReply> = async (request, response) => {
    if (isRecorded) recorder.begin(request, response);
    await consume(request);
    response.setHeader("Content-Type", "application/json");
    response.setHeader("Content-Length", reply.length);
    response.end(reply);
  };
  const server = createServer(
    { ...watchedMessages, requireHostHeader: false },
    (request, response) => void serve(request, response),
  );
  await once(server.listen(socketPath), "listening");
  return {
    socketPath,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await recorder.close();
      log[Symbol.dispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function consume(request: IncomingMessage): Promise<void> {
  for await (const _chunk of request);
}

/** Seconds that a client takes for its work. */
async function runClient(work: Work): Promise<number> {
  const client = new Worker(new URL(import.meta.url), { workerData: work });
  const [seconds] = await once(client, "message");
  return seconds;
}

async function doWork({ socketPath, bytes = 0, exchanges = 1 }: Work): Promise<void> {
  const socket = connect(socketPath);
  await once(socket, "connect");
  const head = `POST /engine/v1/poll HTTP/1.1\r\nHost: 169.254.169.254\r\nContent-Length: ${bytes}\r\n\r\n`;
  const block = Buffer.alloc(64 * 1024, "log line\n");
  const start = performance.now();
  for (let exchange = 0; exchange < exchanges; exchange++) {
    socket.write(head);
    for (let left = bytes; left > 0; left -= block.length)
      if (!socket.write(block.subarray(0, left))) await once(socket, "drain");
    await once(socket, "data");
  }
  parentPort?.postMessage((performance.now() - start) / 1000);
  socket.destroy();
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
