import { once } from "node:events";
import { writeSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

/**
 * For tests: plays a QEMU that does what a real one does too seldom. It takes the arguments of the real one, says
 * enough of QMP, and behaves as the environment variable FAKE_QEMU says.
 */

/** To be run by Node. */
export const fakeQemuProgram = import.meta.filename;

const behaviours = {
  /** KVM fails once the guest runs. */
  "internal-error": (qmp: Socket) => {
    writeSync(2, "KVM internal error. Suberror: 1\n");
    status = "internal-error";
    sendEvent(qmp, "STOP");
  },
  /** Each time that the guest runs, it is short of space at once; the sixth time, it leaves. */
  "no-space": (qmp: Socket) => {
    runs += 1;
    if (runs === 6) process.exit(0);
    status = "io-error";
    sendEvent(qmp, "BLOCK_IO_ERROR", {
      operation: "write",
      action: "stop",
      nospace: true,
      reason: "No space left on device",
    });
    sendEvent(qmp, "STOP");
  },
  /** The guest powers off as soon as it runs. */
  "powers-off": (qmp: Socket) => {
    sendEvent(qmp, "SHUTDOWN", { guest: true, reason: "guest-shutdown" });
    qmp.end(() => process.exit(0));
  },
  /** The guest fills its console, and QEMU its log, before the guest powers off. */
  chatty: (qmp: Socket) => {
    writeSync(2, "qemu: guest error\n".repeat(200));
    serialPort.end("yes\n".repeat(1000), () => behaviours["powers-off"](qmp));
  },
  /** Does not even quit. */
  deaf: () => {},
  /** The guest powers off when it is asked to. */
  obedient: () => {},
};

let status = "prelaunch";
/** The serial port of the guest. */
let serialPort: Socket;
let runs = 0;

function sendEvent(qmp: Socket, event: string, data: object = {}): void {
  send(qmp, { timestamp: { seconds: 0, microseconds: 0 }, event, data });
}

function send(qmp: Socket, message: object): void {
  qmp.write(`${JSON.stringify(message)}\r\n`);
}

function socketPath(id: string): string {
  const [, path] = new RegExp(`id=${id},path=([^, ]+)`).exec(process.argv.join(" ")) ?? [];
  if (path === undefined) throw new Error(`no socket ${id} in the arguments`);
  return path;
}

function isBehaviour(name: string): name is keyof typeof behaviours {
  return Object.hasOwn(behaviours, name);
}

async function play(behaviour: keyof typeof behaviours): Promise<void> {
  const serial = createServer().listen(socketPath("serial"));
  const connected = once(serial, "connection");
  await once(serial, "listening");
  const qmp = connect(socketPath("qmp"));
  send(qmp, { QMP: { version: {}, capabilities: [] } });
  for await (const line of createInterface({ input: qmp })) {
    const { execute, id } = JSON.parse(line);
    const replies: Readonly<Record<string, object>> = {
      "query-status": { status },
      "query-kvm": { enabled: true, present: true },
      "query-block": [],
    };
    send(qmp, { return: replies[execute] ?? {}, id });
    if (execute === "cont") {
      // It was made before, but may be heard of later.
      [serialPort] = await connected;
      behaviours[behaviour](qmp);
    }
    const leaves = behaviour === "obedient" ? "system_powerdown" : "quit";
    if (execute === leaves && behaviour !== "deaf") process.exit(0);
  }
}

const { FAKE_QEMU = "" } = process.env;
if (isBehaviour(FAKE_QEMU)) await play(FAKE_QEMU);
