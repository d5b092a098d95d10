import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { type Duplex, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGrowingFile, type GrowingFileWriter } from "../../files/logs/growing-file.ts";
import { createSecretFilter } from "../../files/logs/hide-secrets.ts";
import { LogFile } from "../../files/logs/log-file.ts";
import { logQuotas } from "../../session-record/session-log-quota.ts";
import type { SessionPaths } from "../../storage/paths.ts";
import { createTextScreen, type TextScreen } from "../text-screen/text-screen.ts";
import { type Exit, failedStart, type QemuProcess, startQemuProcess } from "./qemu-process.ts";
import { QmpClient, type QmpEvent } from "./qmp-client.ts";
import { takeScreenshot } from "./screenshot.ts";
import { type TroubleOptions, TroubleWatch } from "./trouble-watch.ts";
import type { StopRung, Trouble, VirtualMachineEnd } from "./vm-end.ts";

/** One QEMU process with its sockets. It starts once and ends once. */
export interface VirtualMachine extends AsyncDisposable {
  /** The guest's first serial port. */
  readonly serial: Duplex;
  readonly qmp: QmpClient;
  /** Settles when QEMU is gone, which it soon is after a failure that waiting does not fix; never rejects. */
  readonly ended: Promise<VirtualMachineEnd>;
  /** Lets the guest's processor run: QEMU starts with it halted, so that everything can be connected before. */
  run(): Promise<void>;
  /** To be called when the guest shows that it gets somewhere: reboots before that don't count as a loop. */
  signOfLife(): void;
  /** Adds a line to the log of the serial port, between what the guest prints. */
  markSerial(line: string): void;
  /** The text on its screen. */
  readonly text: TextScreen;
  /** Saves a screenshot and its text, for the search for a failure. */
  screenshot(): Promise<void>;
  /**
   * Ends QEMU, as mildly as possible; resolves when it is gone.
   *
   * @param options.graceMilliseconds the time that the guest has to power off by itself, which keeps its disk in
   *   order; without it, it is not asked to.
   */
  stop(options?: { readonly graceMilliseconds?: number }): Promise<VirtualMachineEnd>;
}

export interface VirtualMachineOptions
  extends Pick<TroubleOptions, "onPause" | "onResume" | "mayGoOn" | "spaceWait"> {
  /** Takes the guest's output on its serial port, for observers. */
  readonly serialLog?: GrowingFileWriter;
  /** Called with notes for the person about the logs. */
  readonly onNote?: OnNote;
  /** The texts that logs leave out. */
  readonly secrets?: readonly string[] | undefined;
}

type OnNote = (text: string) => void;

/** QEMU leaves on `quit` within a few milliseconds; a process that has not after this long is killed. */
const quitMilliseconds = 2_000;
/** A process that has ended has closed its channel. */
const drainMilliseconds = 1_000;

/**
 * Starts QEMU with its processor halted and connects to its control channel and serial port.
 *
 * @param argv QEMU's program and arguments, as `qemuArguments` makes them for these session files.
 * @throws AppError `qemu-failed` with QEMU's last lines when it does not come up, `missing-tool` without QEMU.
 */
export async function startVirtualMachine(
  argv: readonly [string, ...string[]],
  files: SessionPaths,
  options: VirtualMachineOptions = {},
): Promise<VirtualMachine> {
  await using cleanup = new AsyncDisposableStack();
  const dialIn = await acceptOne(files.qmpSocket, cleanup);
  const qemu = startQemuProcess(argv, files.qemuLog, options.onNote);
  cleanup.defer(() => qemu.kill());

  const gone = qemu.exited.then(() => Promise.reject(new Error("QEMU has ended")));
  const { qmp, serial } = await Promise.race([openChannels(dialIn.connection, files, cleanup), gone]).catch(
    async () => {
      // QEMU may connect, and find out only then that it can't do what its arguments say.
      if (!(await qemu.leavesWithin(quitMilliseconds))) qemu.kill();
      throw await failedStart(argv[0], qemu);
    },
  );

  let rung: StopRung | undefined;
  let trouble: Trouble | undefined;
  let shutdown: QmpEvent | undefined;
  qmp.on("event", (event) => {
    if (event.name === "SHUTDOWN") shutdown = event;
    if (event.name === "RESET") text.forgetFonts();
  });
  const climb = async (graceMilliseconds = 0) => {
    await climbLadder(qemu, qmp, graceMilliseconds, (next) => {
      rung = next;
    });
  };
  const text = createTextScreen(qmp, files.working);
  const screenshot = () => takeScreenshot({ qmp, text, secrets: options.secrets ?? [] }, files);
  const watch = new TroubleWatch(qmp, {
    ...options,
    diskFolder: files.working,
    onTrouble: (found) => {
      if (trouble || rung) return;
      trouble = found;
      void screenshot().then(() => climb());
    },
  });
  const serialLog = logSerial(serial, options.serialLog ?? createGrowingFile(files.serialLog), options);
  const ended = qemu.exited.then(async (exit): Promise<VirtualMachineEnd> => {
    watch[Symbol.dispose]();
    // Its last messages may not be read yet.
    await Promise.race([qmp.gone, sleep(drainMilliseconds, undefined, { ref: false })]);
    qmp.close();
    const [lastLines] = await Promise.all([qemu.lastLines, serialLog.closed]);
    if (trouble) return { ...trouble, lastLines };
    if (rung) return { reason: "stopped", by: rung };
    return endByItself(exit, shutdown, lastLines);
  });
  const stop: VirtualMachine["stop"] = async ({ graceMilliseconds } = {}) => {
    await climb(graceMilliseconds);
    return await ended;
  };
  cleanup.move();
  return {
    serial,
    qmp,
    ended,
    run: async () => void (await qmp.execute("cont")),
    signOfLife: () => watch.signOfLife(),
    markSerial: (line) => serialLog.add(Buffer.from(`\r\n${line}\r\n`)),
    text,
    screenshot,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** Ends QEMU by the mildest means that works, and says before each which one is tried. */
async function climbLadder(
  qemu: QemuProcess,
  qmp: QmpClient,
  graceMilliseconds: number,
  onRung: (rung: StopRung) => void,
): Promise<void> {
  if (await qemu.leavesWithin(0)) return;
  if (graceMilliseconds > 0) {
    onRung("powerdown");
    qmp.execute("system_powerdown").catch(() => {});
    if (await qemu.leavesWithin(graceMilliseconds)) return;
  }
  onRung("quit");
  qmp.execute("quit").catch(() => {});
  if (await qemu.leavesWithin(quitMilliseconds)) return;
  onRung("kill");
  qemu.kill();
  await qemu.exited;
}

function endByItself(
  exit: Exit,
  shutdown: QmpEvent | undefined,
  lastLines: readonly string[],
): VirtualMachineEnd {
  const byGuest = shutdown?.data.guest === true && shutdown.data.reason === "guest-shutdown";
  if (byGuest && exit.status === 0) return { reason: "powered-off" };
  if (!shutdown) return { reason: "died", exit, lastLines };
  return { reason: "died", exit, shutdown: `${shutdown.data.reason}`, lastLines };
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
  // Wrapped, or an `await` of this would await the connection.
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
  // Its greeting means that all its sockets exist.
  const serial = connect(files.serialSocket);
  cleanup.defer(() => void serial.destroy());
  await once(serial, "connect");
  serial.on("error", () => {});
  return { qmp, serial };
}

/**
 * Copies the guest's output on its serial port to a file, to the end. QEMU could do so itself, but its log has
 * characters twice where a write had to be tried again (seen with 7.2).
 */
function logSerial(
  serial: Socket,
  log: GrowingFileWriter,
  { onNote, secrets = [] }: Pick<VirtualMachineOptions, "onNote" | "secrets">,
): { readonly add: (bytes: Uint8Array) => void; readonly closed: Promise<void> } {
  const opened = LogFile.create(log, { onNote, quota: logQuotas.serial });
  const append = async (bytes: Uint8Array) => await (await opened).write(bytes);
  const filter = createSecretFilter(secrets);
  // Without a log, for example because the disk is full, the guest keeps running.
  const appendOrNot = (bytes: Buffer, done: () => void) => void append(bytes).then(done, done);
  const writer = new Writable({
    write: (bytes, _encoding, done) => appendOrNot(filter.push(bytes), () => done()),
    final: (done) => appendOrNot(filter.end(), () => done()),
  });
  serial.pipe(writer, { end: false });
  serial.once("close", () => writer.end());
  const close = async () => {
    await Promise.allSettled([finished(writer)]);
    await opened.then((file) => file[Symbol.asyncDispose]()).catch(() => {});
  };
  return { add: (bytes) => void (writer.writable && writer.write(bytes)), closed: close() };
}
