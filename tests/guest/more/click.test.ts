import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { eventually } from "../../eventually.ts";
import { makeWorkshop, tinsmith, type Workshop } from "../tinsmith.ts";

const prompt = "tc@box:~$ ";
const tabletReady = "until grep -q Tablet /proc/bus/input/devices; do sleep 0.2; done";
/** Prints the events of all input devices as lines of hexadecimal digits. */
const reader = `for one in /dev/input/event*; do sudo hexdump -v -e '16/1 "%02x" "\\n"' $one & done; sleep 1; echo reading`;
/** The left button goes up: struct input_event of a 32-bit system, behind its time. */
const buttonUp = "0100100100000000";

/** Cuts a part out of a picture. */
function cut(picture: PNG, { x, y, width, height }: Record<"x" | "y" | "width" | "height", number>): Buffer {
  const part = new PNG({ width, height });
  PNG.bitblt(picture, part, x, y, width, height, 0, 0);
  return PNG.sync.write(part);
}

/** A file of the workshop's one session. */
function readLog({ folder }: Workshop, name: string): string {
  const sessions = join(folder, "tinsmith/sessions");
  const [session = ""] = readdirSync(sessions).filter((name) => !name.startsWith("."));
  return readFileSync(join(sessions, session, name), "utf8");
}

/** The values of an axis that the guest's devices have reported. */
function axis(workshop: Workshop, code: string): readonly number[] {
  const printed = readLog(workshop, "serial.log");
  const lines = [...printed.matchAll(new RegExp(`[0-9a-f]{16}0300${code}([0-9a-f]{8})\\b`, "g"))];
  return lines.map(([, value = ""]) => Buffer.from(value, "hex").readInt32LE());
}

test("a step that a person gives a picture of the screen finds it there, and the guest gets the click in it", async () => {
  const workshop = makeWorkshop();
  const recipe = join(workshop.imageSet, "recipe.yaml");
  const [text = ""] = readFileSync(recipe, "utf8").split("install:\n");
  const install = [
    { wait: prompt },
    { type: "sudo sh -c 'clear >/dev/tty1; echo Click here >/dev/tty1'" },
    { wait: prompt },
    { type: tabletReady },
    { wait: prompt },
    { type: reader },
    { wait: "reading\n" },
    { region: "none.png", timeout: 300 },
    { wait: { match: buttonUp } },
    { type: "sudo poweroff" },
  ];
  writeFileSync(recipe, `${text}${stringify({ install })}`);
  // The set's own machine definition has no tablet.
  writeFileSync(join(workshop.imageSet, "machine.json"), '{"version": 1}');
  // Of a colour that the guest does not show.
  const none = new PNG({ width: 2, height: 2 });
  none.data.fill(255);
  none.data.fill(99, 0, 3);
  writeFileSync(join(workshop.imageSet, "none.png"), PNG.sync.write(none));

  const [shot, crop] = [join(workshop.folder, "screen.png"), join(workshop.imageSet, "text.png")];
  /** The second word on the screen. */
  const place = { x: 48, y: 0, width: 40, height: 16 };
  const change = async () => {
    const isWaiting = () =>
      expect(readLog(workshop, "events.jsonl")).toMatch(/"install-step-started","index":7/);
    await eventually(isWaiting, { timeout: 120_000 });
    await tinsmith(workshop, ["screen", shot]);
    writeFileSync(crop, cut(PNG.sync.read(readFileSync(shot)), place));
    const step = "{region: text.png, click: [20, 8]}";
    const { exitStatus, stderr } = await tinsmith(workshop, ["steps", "change", "8", step]);
    expect({ exitStatus, stderr }).toMatchObject({ exitStatus: 0 });
  };
  const building = tinsmith(workshop, ["rebuild", "setup", "--recipe", workshop.imageSet]);
  await change();
  expect(await building).toMatchObject({ exitStatus: 0 });
  const { width, height } = PNG.sync.read(readFileSync(shot));
  const value = (pixel: number, size: number) => Math.round(((pixel + 0.5) / size) * 0x7fff);
  expect(axis(workshop, "0000")).toContain(value(place.x + 20, width));
  expect(axis(workshop, "0100")).toContain(value(place.y + 8, height));
  expect(readFileSync(recipe, "utf8")).toContain("text.png");
});
