import type { GuestConsole } from "./guest-screen.ts";

/** Lets the guest print each event of its input devices as a line of hexadecimal digits. */
export async function startKeyReader(serial: GuestConsole): Promise<void> {
  const read = `sudo hexdump -v -e '16/1 "%02x" "\\n"'`;
  await serial.run(`for device in /dev/input/event*; do ${read} $device & done`);
  await serial.run("until [ $(pidof hexdump | wc -w) -ge 3 ]; do sleep 0.1; done");
}

interface KeyEvent {
  readonly key: number;
  /** 0 up, 1 down, 2 still down. */
  readonly value: number;
}

/** The events of keys in the output: struct input_event of a 32-bit system. */
function keyEvents(serial: GuestConsole): readonly KeyEvent[] {
  const lines = serial.text().match(/\b[0-9a-f]{32}\b/g) ?? [];
  return lines.flatMap((line) => {
    const bytes = Buffer.from(line, "hex");
    const isKey = bytes.readUInt16LE(8) === 1;
    return isKey ? [{ key: bytes.readUInt16LE(10), value: bytes.readInt32LE(12) }] : [];
  });
}

/** The keys that went down, in order; buttons of the mouse have numbers from 256 on. */
export function keysDown(serial: GuestConsole): readonly number[] {
  return keyEvents(serial).flatMap(({ key, value }) => (value === 1 && key < 256 ? [key] : []));
}
