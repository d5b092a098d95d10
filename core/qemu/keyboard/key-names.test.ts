import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { keyNames, namedKeys } from "../../../shared/recipe/step-keys.ts";
import { eventually } from "../../../tests/eventually.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { askQemu } from "../hardware/capabilities.ts";
import { nameOfKeysym, nameOfScanCode } from "./key-names.ts";

/** A real QEMU with a PS/2 keyboard, whose guest is a firmware that does nothing; and the codes that its keyboard sends. */
async function startKeyboard() {
  const { sockets } = newHome();
  makePrivateFolder(sockets);
  const [vnc, firmware] = [join(sockets, "vnc.sock"), join(sockets, "firmware")];
  // hlt, and again after each interrupt.
  writeFileSync(firmware, Buffer.alloc(64 * 1024, Buffer.from([0xf4, 0xeb, 0xfd])));
  const { program } = await askQemu();
  const machine = ["-nodefaults", "-accel", "tcg", "-m", "16", "-bios", firmware, "-device", "VGA"];
  const ends = ["-qmp", "stdio", "-vnc", `unix:${vnc}`, "-k", "en-us", "-trace", "ps2_put_keycode"];
  const qemu = spawn(program, [...machine, ...ends], { stdio: "pipe" });
  onTestFinished(async () => {
    qemu.kill("SIGKILL");
    await once(qemu, "exit");
  });
  const codes: string[] = [];
  createInterface(qemu.stderr).on("line", (line) => {
    const [, code] = /ps2_put_keycode .*keycode 0x(\w+)/.exec(line) ?? [];
    if (code) codes.push(code);
  });
  const answers = createInterface(qemu.stdout)[Symbol.asyncIterator]();
  await answers.next();
  const execute = async (command: string, args: object = {}): Promise<unknown> => {
    qemu.stdin.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    for (;;) {
      const { value } = await answers.next();
      const answer = JSON.parse(value ?? "");
      if (answer.error) throw new Error(`${command} ${JSON.stringify(args)}: ${answer.error.desc}`);
      if (answer.return) return answer.return;
    }
  };
  await execute("qmp_capabilities");
  const viewer = await eventually(async () => {
    const socket = connect(vnc);
    await once(socket, "connect");
    return socket;
  });
  for (const answer of ["RFB 003.008\n", "\x01", "\x01"]) {
    await once(viewer, "data");
    viewer.write(answer);
  }
  viewer.resume();
  /** The members of its type for keys' names. */
  const qemuNames = async () => {
    const types = z
      .array(z.object({ values: z.array(z.string()).optional() }))
      .parse(await execute("query-qmp-schema"));
    return types.find(({ values }) => values?.includes("grave_accent"))?.values ?? [];
  };
  const send = async (type: "qcode" | "number", data: string | number) => {
    for (const down of [true, false])
      await execute("input-send-event", { events: [{ type: "key", data: { down, key: { type, data } } }] });
  };
  return {
    qemuNames,
    /** Presses keys, and Escape behind them. @returns the codes of the keyboard for them */
    pressed: async <Key>(press: (key: Key) => Promise<void>, keys: readonly Key[], last: Key) => {
      for (const key of [...keys, last]) await press(key);
      await eventually(() => expect(codes.slice(-escapeCodes.length)).toEqual(escapeCodes));
      return codes.splice(0).join(" ");
    },
    pressName: (name: string) => send("qcode", name),
    pressNumber: (number: number) => send("number", number),
    pressKeysym: async (keysym: number) => {
      for (const down of [1, 0]) {
        const message = Buffer.from([4, down, 0, 0, 0, 0, 0, 0]);
        message.writeUInt32BE(keysym, 4);
        viewer.write(message);
      }
    },
  };
}

/** In the PC's second set, in which a PS/2 keyboard speaks. */
const escapeCodes = ["76", "f0", "76"];
const escapeKey = { scanCode: 1, keysym: 0xff1b, name: "esc" } as const;
const scanCodes = Array.from({ length: 0x80 }, (_, code) => code).filter((code) => nameOfScanCode(code));
/** Those of the keypad without Num Lock have the names of the keys that do the same. */
const keypad = { first: 0xff95, last: 0xff9f };
const keysyms = Array.from({ length: 0x200 }, (_, index) => 0xfe00 + index)
  .filter((keysym) => keysym < keypad.first || keysym > keypad.last)
  .filter((keysym) => nameOfKeysym(keysym) && keysym !== escapeKey.keysym);

test("the names of keys in recipes are QEMU's, and all others of these are, too", async () => {
  const { qemuNames } = await startKeyboard();
  expect(await qemuNames()).toEqual(expect.arrayContaining([...keyNames]));
  const named = Object.values(namedKeys).map(({ qemu }) => qemu);
  const codes = scanCodes.map(nameOfScanCode);
  expect(keyNames).toEqual(expect.arrayContaining([...named, ...codes, ...keysyms.map(nameOfKeysym)]));
});

test("a key's name and its scan code are one key of QEMU's", async () => {
  const { pressed, pressName, pressNumber } = await startKeyboard();
  const byNames = await pressed(
    pressName,
    scanCodes.map((code) => nameOfScanCode(code) ?? ""),
    escapeKey.name,
  );
  expect(await pressed(pressNumber, scanCodes, escapeKey.scanCode)).toEqual(byNames);
});

test("a key's name and its keysym are one key of QEMU's", async () => {
  const { pressed, pressName, pressKeysym } = await startKeyboard();
  const byNames = await pressed(
    pressName,
    keysyms.map((keysym) => nameOfKeysym(keysym) ?? ""),
    escapeKey.name,
  );
  expect(await pressed(pressKeysym, keysyms, escapeKey.keysym)).toEqual(byNames);
});
