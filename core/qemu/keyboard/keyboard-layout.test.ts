import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { machineSchema } from "../../../shared/machine/machine-schema.ts";
import { eventually } from "../../../tests/eventually.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { askQemu } from "../hardware/capabilities.ts";
import { findKeyboardLayout } from "./keyboard-layout.ts";

const layouts = machineSchema.shape.keyboardLayout.unwrap().options;
const layoutsOfQemu = async () => {
  const { keymaps } = await askQemu();
  return layouts.filter((layout) => keymaps.includes(layout));
};
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

test("every layout that a machine can have, and this QEMU has, types all of ASCII", async () => {
  for (const name of await layoutsOfQemu()) {
    const { strokes } = await findKeyboardLayout(name);
    expect({ name, missing: printable.filter((character) => !strokes[character]) }).toEqual({
      name,
      missing: [],
    });
  }
});

/** X's numbers of keys that a viewer presses. */
const viewerKeys = { shift: 0xffe1, altgr: 0xfe03, escape: 0xff1b } as const;

// The real QEMU, halted: which keys its VNC server presses and releases for what a viewer sends.
test.each(await layoutsOfQemu())(
  "QEMU presses and releases the keys of the layout %s for the keysyms that it is sent",
  async (name) => {
    const { strokes } = await findKeyboardLayout(name);
    const sent = Object.values(strokes)
      .flat()
      .filter(({ keysym }) => keysym !== undefined);
    const { viewer, pressed } = await startScreen(name);
    const key = (keysym: number, down: boolean) => {
      const message = Buffer.from([4, down ? 1 : 0, 0, 0, 0, 0, 0, 0]);
      message.writeUInt32BE(keysym, 4);
      viewer.write(message);
    };
    for (const { keysym = 0, release = keysym, shift, altgr } of sent) {
      const held = [...(shift ? [viewerKeys.shift] : []), ...(altgr ? [viewerKeys.altgr] : [])];
      for (const modifier of held) key(modifier, true);
      key(keysym, true);
      key(release, false);
      for (const modifier of held) key(modifier, false);
    }
    key(viewerKeys.escape, true);
    const wanted = sent.map(({ keysym, scanCode }) => ({ keysym, scanCode, released: scanCode }));
    expect(await pressed()).toEqual(wanted);
  },
);

/** A halted QEMU of that layout, a viewer of its screen, and the keys that it presses and releases until Escape, but for modifiers. */
async function startScreen(layout: string) {
  const { sockets } = newHome();
  makePrivateFolder(sockets);
  const path = join(sockets, "vnc.sock");
  const { program } = await askQemu();
  const screen = ["-vnc", `unix:${path}`, "-k", layout, "-device", "VGA", "-m", "16"];
  const qemu = spawn(program, ["-S", "-nodefaults", ...screen, "-trace", "vnc_key_event_map"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(async () => {
    qemu.kill("SIGKILL");
    await once(qemu, "exit");
  });
  const viewer = await eventually(() => connectTo(path));
  await shakeHands(viewer);
  const pressed = async () => {
    const keys: { keysym: number; scanCode: number; released?: number }[] = [];
    for await (const line of createInterface(qemu.stderr)) {
      const [, down, sym = "", code = ""] = /down ([01]), sym 0x(\w+) -> keycode 0x(\w+)/.exec(line) ?? [];
      const [keysym, scanCode] = [Number.parseInt(sym, 16), Number.parseInt(code, 16)];
      if (keysym === viewerKeys.escape) break;
      if (!down || keysym === viewerKeys.shift || keysym === viewerKeys.altgr) continue;
      const last = keys.at(-1);
      if (down === "1") keys.push({ keysym, scanCode });
      else if (last) last.released = scanCode;
    }
    return keys;
  };
  return { viewer, pressed };
}

async function connectTo(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, "connect");
  return socket;
}

/** The handshake of RFB 3.8: version, no authentication, and to share the screen with others. */
async function shakeHands(viewer: Socket): Promise<void> {
  for (const answer of ["RFB 003.008\n", "\x01", "\x01"]) {
    await once(viewer, "data");
    viewer.write(answer);
  }
  viewer.resume();
}
