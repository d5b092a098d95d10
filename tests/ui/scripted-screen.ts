import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createLatestValue } from "../../core/async/latest-value.ts";
import { findKeyboardLayout } from "../../core/qemu/keyboard/keyboard-layout.ts";
import type { ServedSession } from "../../core/session/serve/served-session.ts";
import type { MachineControl } from "../../core/vm/machine-control.ts";
import type { Checkpoint } from "../../shared/checkpoint/checkpoint.ts";
import type { ScreenText } from "../../shared/screen/screen-text.ts";
import type { VirtualMachineState } from "../../shared/session/virtual-machine.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** A virtual machine that a test plays: its screen shows a picture, and it notes what is done to it. */
export interface ScriptedMachine {
  /** The requests that it received, and the keys that went down and up, in order. */
  readonly done: readonly string[];
  setState(state: VirtualMachineState): void;
  /** Sets the text on its screen. */
  setText(text: ScreenText): void;
  /** Ends it, as a guest that powers off does. */
  end(): void;
}

const picture = readFileSync(join(import.meta.dirname, "screen.png"));
const [width, height] = [picture.readUInt32BE(16), picture.readUInt32BE(20)];

/** Gives a session a virtual machine. */
export async function startScriptedMachine(
  session: ServedSession,
  keyboardLayout = "en-us",
): Promise<ScriptedMachine> {
  const done: string[] = [];
  const state = createLatestValue<VirtualMachineState>({ status: "running" });
  const { vncSocket } = session.paths;
  const viewers = new Set<Socket>();
  const server = createServer((viewer) => {
    viewers.add(viewer.on("error", () => {}));
    void show(viewer, (key) => done.push(key)).catch(() => viewer.destroy());
  }).listen(vncSocket);
  await once(server, "listening");
  let screenText: ScreenText = { kind: "graphics" };
  const note = (text: string) => async () => void done.push(text);
  const change = (next: VirtualMachineState) => {
    done.push(next.status);
    state.set(next);
  };
  const checkpoints = () => {
    const now = state.get();
    return now.status === "none" ? [] : (now.checkpoints ?? []);
  };
  const setCheckpoints = (checkpoints: Checkpoint[]) =>
    state.set({ ...state.get(), status: "running", checkpoints });
  const control: MachineControl = {
    watch: state.watch,
    powerOff: note("power off"),
    reset: note("reset"),
    pause: async () => change({ ...state.get(), status: "paused" }),
    resume: async () => change({ ...state.get(), status: "running" }),
    hold: async (isHolding) => change({ ...state.get(), status: isHolding ? "paused" : "running" }),
    clockIsRight: () => {
      done.push("clock is right");
      state.set({ status: "running" });
    },
    kill: note("kill"),
    checkpoints: {
      make: async (name) => {
        const disk = { layer: "/layer.qcow2", backing: "/disk.img", snapshot: name };
        const made = { name, time: Date.now(), size: 75_000_000, disk };
        setCheckpoints([...checkpoints(), made]);
        return made;
      },
      goBack: async (name) => void done.push(`go back to ${name}`),
      rename: async (name, newName) =>
        setCheckpoints(checkpoints().map((one) => (one.name === name ? { ...one, name: newName } : one))),
      delete: async (name) => setCheckpoints(checkpoints().filter((one) => one.name !== name)),
      keep: async (name) => {
        setCheckpoints(checkpoints().map((one) => (one.name === name ? { ...one, isKept: true } : one)));
        return [];
      },
      drop: async () => {},
      saveMoment: async () => undefined,
      settled: async () => {},
    },
    networkDump: {
      start: async (target) => {
        done.push(`record ${target}`);
        state.set({ status: "running", recording: target });
      },
      stop: async () => {
        done.push("end recording");
        state.set({ status: "running" });
      },
    },
    insertCd: async (path) => state.set({ status: "running", cd: path }),
    insertFiles: async (paths) => state.set({ status: "running", cd: paths.join(", ") }),
    keepCdPart: async ({ path, bytes }) => void done.push(`upload ${path} ${bytes?.length ?? "folder"}`),
    insertUpload: async () => state.set({ status: "running", cd: "an upload" }),
    ejectCd: async () => state.set({ status: "running" }),
    screenshot: note("screenshot"),
    screenText: async () => screenText,
    screenPicture: async () => ({ width: 1, height: 1, pixels: Buffer.alloc(3) }),
    layout: () => findKeyboardLayout(keyboardLayout),
    typeText: async (text) => void done.push(`type ${text}`),
    click: async ({ x, y }) => void done.push(`click ${x}, ${y}`),
    pressKeys: async (keys) => void done.push(`press ${keys.join(" ")}`),
    openScreen: async () => connect(vncSocket),
    [Symbol.dispose]: () => {},
  };
  const offer = session.machine.provide(control);
  return {
    done,
    setState: state.set,
    setText: (text) => {
      screenText = text;
    },
    end: () => {
      offer[Symbol.dispose]();
      server.close();
      for (const viewer of viewers) viewer.destroy();
    },
  };
}

/** Begins a build whose virtual machine the test plays, with its screen in front. */
export async function openScriptedScreen(tinsmith: TinsmithPage, engine: ScriptedEngine, layout?: string) {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  const machine = await startScriptedMachine(build.session, layout);
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await tinsmith.showTab(/^Screen/);
  await tinsmith.screenShows();
  return { build, machine };
}

/** Lengths of a viewer's messages, by their type, as RFB has them; those of two have more to come, counted within. */
const lengths: Readonly<Record<number, number>> = { 0: 20, 2: 4, 3: 10, 4: 8, 5: 6, 6: 8 };

/** Speaks RFB 3.8 with one viewer. */
async function show(viewer: Socket, onKey: (key: string) => void): Promise<void> {
  const read = readerOf(viewer);
  viewer.write("RFB 003.008\n");
  await read(12);
  viewer.write(Buffer.from([1, 1]));
  await read(1);
  viewer.write(Buffer.alloc(4));
  await read(1);
  viewer.write(serverInit());
  for (;;) {
    const type = (await read(1))[0] ?? 0;
    const rest = await read((lengths[type] ?? 1) - 1);
    if (type === 2) await read(rest.readUInt16BE(1) * 4);
    if (type === 6) await read(rest.readUInt32BE(3));
    if (type === 4) onKey(`${rest[0] ? "+" : "-"}${rest.readUInt32BE(3).toString(16)}`);
    // Nothing moves on it, so it is sent once for each viewer that asks for all of it.
    if (type === 3 && rest[0] === 0) viewer.write(pictureUpdate());
  }
}

/** Reads a number of bytes at a time. */
function readerOf(viewer: Socket) {
  return async (bytes: number): Promise<Buffer> => {
    while (bytes > 0) {
      const read: Buffer | null = viewer.read(bytes);
      if (read) return read;
      if (viewer.readableEnded || viewer.destroyed) throw new Error("the viewer is gone");
      await once(viewer, "readable");
    }
    return Buffer.alloc(0);
  };
}

function serverInit(): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt16BE(width, 0);
  head.writeUInt16BE(height, 2);
  // 32 bits a pixel, 24 of them colours, each up to 255, at 16, 8 and 0.
  Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0]).copy(head, 4);
  return head;
}

const tightPng = -260;

/** The whole picture as one rectangle of the encoding that holds a PNG as it is. */
function pictureUpdate(): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(width, 8);
  head.writeUInt16BE(height, 10);
  head.writeInt32BE(tightPng, 12);
  const size = picture.length;
  const length = [(size & 0x7f) | 0x80, ((size >> 7) & 0x7f) | 0x80, size >> 14];
  return Buffer.concat([head, Buffer.from([0xa0, ...length]), picture]);
}
