import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { AppError } from "../../shared/errors.ts";
import type { SessionPaths } from "../paths.ts";
import { missingTool } from "../process.ts";
import { QmpClient, type QmpEvent } from "./qmp-client.ts";

/** Why a virtual machine is no more. */
export type VirtualMachineEnd =
  | { readonly reason: "powered-off" }
  | { readonly reason: "stopped" }
  | {
      readonly reason: "died";
      /** In words: the exit status or signal of QEMU. */
      readonly cause: string;
      /** The last lines that QEMU printed. */
      readonly lastLines: readonly string[];
    };

/** One QEMU process with its sockets. It starts once and ends once. */
export interface VirtualMachine extends AsyncDisposable {
  /** The guest's first serial port. */
  readonly serial: Duplex;
  readonly qmp: QmpClient;
  /** Settles when QEMU is gone; never rejects. */
  readonly ended: Promise<VirtualMachineEnd>;
  /** Lets the guest's processor run: QEMU starts with it halted, so that everything can be connected before. */
  run(): Promise<void>;
  /** Ends QEMU, at once; resolves when it is gone. */
  stop(): Promise<VirtualMachineEnd>;
}

/** QEMU leaves on `quit` within a few milliseconds; a process that has not after this long is killed. */
const quitMilliseconds = 2_000;
const keptLines = 20;

/**
 * Starts QEMU with its processor halted and connects to its control channel and serial port.
 *
 * QEMU is killed by the kernel when this process dies. It runs in a process group of its own, so that a Ctrl-C on
 * the terminal reaches only this process, which then ends it in order.
 *
 * @param argv QEMU's program and arguments, as `qemuArguments` makes them for these session files.
 * @throws AppError `qemu-failed` with QEMU's last lines when it does not come up, `missing-tool` without QEMU.
 */
export async function startVirtualMachine(
  argv: readonly [string, ...string[]],
  files: SessionPaths,
): Promise<VirtualMachine> {
  await using cleanup = new AsyncDisposableStack();
  const dialIn = await acceptOne(files.qmpSocket, cleanup);
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...argv], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collectOutput(child, files.qemuLog);
  const exited = exitOf(child);
  cleanup.defer(() => void child.kill("SIGKILL"));

  const gone = exited.then(() => Promise.reject(new Error("QEMU is gone")));
  const { qmp, serial } = await Promise.race([openChannels(dialIn.connection, files, cleanup), gone]).catch(
    async () => {
      // QEMU may connect, and find out only then that it can't do what its arguments say.
      throw await failedStart(argv[0], await endSoon(child, exited), output);
    },
  );

  let stopping = false;
  let shutdown: QmpEvent | undefined;
  let diskError: QmpEvent | undefined;
  qmp.on("event", (event) => {
    if (event.name === "SHUTDOWN") shutdown = event;
    // The guest is paused now, and would wait for ever.
    if (event.name === "BLOCK_IO_ERROR" && event.data.action === "stop") {
      diskError ??= event;
      qmp.execute("quit").catch(() => {});
    }
  });
  const serialLogged = logSerial(serial, files.serialLog);
  const ended = exited.then(async (exit): Promise<VirtualMachineEnd> => {
    qmp.close();
    const [lastLines] = await Promise.all([output, serialLogged]);
    if (diskError) return { reason: "died", cause: describeDiskError(diskError), lastLines };
    if (stopping) return { reason: "stopped" };
    const byGuest = shutdown?.data.guest === true && shutdown.data.reason === "guest-shutdown";
    if (byGuest && exit.status === 0) return { reason: "powered-off" };
    return { reason: "died", cause: describeExit(exit, shutdown), lastLines };
  });
  const stop = async () => {
    stopping = true;
    qmp.execute("quit").catch(() => {});
    await endSoon(child, exited);
    return await ended;
  };
  cleanup.move();
  return {
    serial,
    qmp,
    ended,
    run: async () => void (await qmp.execute("cont")),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** Listens for QEMU's control channel: that it dials in by itself saves polling for a socket to appear. */
async function acceptOne(
  path: string,
  cleanup: AsyncDisposableStack,
): Promise<{ connection: Promise<Socket> }> {
  const server = createServer();
  const connection = once(server, "connection").then(([socket]: Socket[]) => {
    server.close();
    if (!socket) throw new Error("a connection event carries a socket");
    return socket;
  });
  connection.catch(() => {});
  cleanup.defer(() => void server.close());
  server.listen(path);
  await once(server, "listening");
  // Wrapped, or whoever awaits this would await the connection.
  return { connection };
}

async function openChannels(
  connection: Promise<Socket>,
  files: SessionPaths,
  cleanup: AsyncDisposableStack,
): Promise<{ qmp: QmpClient; serial: Socket }> {
  const qmp = new QmpClient(await connection);
  cleanup.defer(() => qmp.close());
  await qmp.negotiate();
  // That it greets means that all its sockets are there.
  const serial = connect(files.serialSocket);
  cleanup.defer(() => void serial.destroy());
  await once(serial, "connect");
  serial.on("error", () => {});
  return { qmp, serial };
}

/**
 * Copies what the guest writes to its serial port to a file, to the end. QEMU could do so itself, but its log has
 * characters twice where a write had to be tried again (seen with 7.2).
 */
async function logSerial(serial: Socket, path: string): Promise<void> {
  const log = createWriteStream(path, { mode: 0o600 });
  // Without a log, because the disk is full for example, the guest still goes on.
  log.on("error", () => serial.resume());
  serial.pipe(log, { end: false });
  serial.once("close", () => log.end());
  await Promise.allSettled([finished(log)]);
}

/** Waits for a process that is about to leave by itself, and kills it when it takes too long. */
async function endSoon(child: ChildProcess, exited: Promise<Exit>): Promise<Exit> {
  const timer = setTimeout(() => child.kill("SIGKILL"), quitMilliseconds);
  const exit = await exited;
  clearTimeout(timer);
  return exit;
}

interface Exit {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: NodeJS.ErrnoException;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ status: null, signal: null, error }));
    child.on("exit", (status, signal) => resolve({ status, signal }));
  });
}

/** Copies what QEMU prints to its log, and gives the last lines of it when QEMU has closed its output. */
async function collectOutput(child: ChildProcess, logFile: string): Promise<readonly string[]> {
  const log = createWriteStream(logFile, { mode: 0o600 });
  let tail = "";
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  for (const stream of streams)
    stream.on("data", (bytes: Buffer) => {
      log.write(bytes);
      tail = (tail + bytes.toString()).slice(-8192);
    });
  await Promise.allSettled(streams.map((stream) => finished(stream)));
  log.end();
  return tail.split("\n").filter(Boolean).slice(-keptLines);
}

async function failedStart(qemu: string, exit: Exit, output: Promise<readonly string[]>): Promise<AppError> {
  if (exit.error)
    return exit.error.code === "ENOENT" ? missingTool("setpriv") : toStartError(qemu, [exit.error.message]);
  const lines = await output;
  // What setpriv exits with when it can't find the program, as a shell does.
  return exit.status === 127 ? missingTool(qemu) : toStartError(`${qemu} ${describeExit(exit)}`, lines);
}

function toStartError(message: string, details: readonly string[]): AppError {
  return new AppError({
    code: "qemu-failed",
    message: `QEMU did not start: ${message}`,
    advice: "See QEMU's own words below; tinsmith doctor shows what this host has.",
    details,
  });
}

function describeExit(exit: Exit, shutdown?: QmpEvent): string {
  const reason = shutdown ? ` after the shutdown reason ${shutdown.data.reason}` : "";
  return (exit.signal ? `was ended by ${exit.signal}` : `ended with exit status ${exit.status}`) + reason;
}

/** The event is BLOCK_IO_ERROR of QEMU's QMP reference. */
function describeDiskError({ data }: QmpEvent): string {
  const space = data.nospace === true ? "; the host has no space left" : "";
  return `could not ${data.operation} the guest's disk: ${data.reason}${space}`;
}
