import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { attach } from "../../../core/session/client/attach.ts";
import { letTimePass } from "../../let-time-pass.ts";
import { typingPace } from "../guest-screen.ts";
import { type RealEngine, startRealEngine } from "../real-engine.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

/** So often are the steps replayed. More than one replay has a busy processor beside it. */
const replays = Number(process.env.TINSMITH_REPLAYS ?? 1);
/** An emulated guest takes its time on a busy host. Milliseconds. */
const patience = 120_000;
/** It repeats a key that is down for 250 milliseconds. */
const settling = 700;

/** A console in front of a person. */
interface Hand {
  /** The text on it, without spaces, so that it does not matter where a line wraps. */
  shown(): Promise<string>;
  /** Types a text. */
  type(text: string): Promise<void>;
}

const lines = [
  "tc-install.sh /dev/vda",
  "echo 'sudo dmesg -n 3; until sudo mount -r -t iso9660 /dev/sr0 /mnt/sr0' >.X.d/setup.sh",
  "echo 'do sleep 0.1; done 2>/dev/null' >>.X.d/setup.sh",
  "echo 'sh /mnt/sr0/setup.sh' >>.X.d/setup.sh",
  "filetool.sh -b",
  "sudo poweroff",
];
const prompt = "tc@box:~$";

for (const console of ["Screen", "Serial"] as const)
  test(`an installation by hand, typed only at the ${console.toLowerCase()}, is done again by its saved steps`, async ({
    page,
  }) => {
    test.setTimeout(300_000 + replays * 240_000);
    await using engine = await startRealEngine();
    const tinsmith = new TinsmithPage(page);
    await tinsmith.open(engine.address);
    await tinsmith.command("Install the setup image by hand");
    await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();
    await tinsmith.screenShows();
    await tinsmith.showTab(console);
    {
      using hand = await (console === "Screen" ? screenHand : serialHand)(tinsmith, engine);
      for (const line of lines) await typeAtPrompt(tinsmith, hand, line);
    }

    await tinsmith.showLog();
    const question = tinsmith.build.getByRole("region", { name: "Package the disk?" });
    await question.waitFor({ timeout: 60_000 });
    const panes = tinsmith.build.getByRole("toolbar", { name: "Panes" });
    await panes.getByRole("button", { name: "Recorded steps" }).click();
    const steps = tinsmith.build.getByRole("region", { name: "Recorded steps" });
    await expect(steps.getByRole("button", { name: /^Change the wait/ })).toHaveCount(lines.length + 1);
    await expect(steps.getByRole("img", { name: "right in the recording" })).toHaveCount(lines.length + 1);
    await steps.getByRole("button", { name: "Save steps…" }).click();
    await tinsmith.dialog.getByRole("button", { name: "Save steps" }).click();
    await expect(tinsmith.dialog).toBeHidden();
    const file = join(engine.imageSet, "recorded.steps.yaml");
    await question.getByRole("button", { name: "Discard…" }).click();
    await tinsmith.dialog.getByRole("button", { name: "Discard" }).click();
    await expect(tinsmith.dialog).toBeHidden();

    using _busy = replays > 1 ? busyProcessor() : undefined;
    for (let replay = 1; replay <= replays; replay += 1) {
      const images = ["setup", "worker"].map((image) => join(engine.imageSet, `microcore-${image}.tar.lz4`));
      for (const image of images) rmSync(image, { force: true });
      await engine.tinsmith("rebuild", "setup", "--recipe", engine.imageSet, "--steps", file);
      await engine.tinsmith("rebuild", "worker", "--recipe", engine.imageSet);
      expect(images.map((image) => existsSync(image))).toEqual([true, true]);
    }
  });

/** Types a line as a person does: sees the prompt, looks at what came of the keys, and types it again when some were lost. */
async function typeAtPrompt({ page }: TinsmithPage, hand: Hand, line: string): Promise<void> {
  const ending = (text: string) => RegExp(`${RegExp.escape(text.replaceAll(" ", ""))}$`);
  const shows = (text: string, timeout: number) =>
    expect.poll(() => hand.shown(), { timeout, intervals: [200] }).toMatch(ending(text));
  await shows(prompt, patience);
  await expect(async () => {
    await hand.type(line);
    try {
      await shows(prompt + line, 5_000);
      // A guest that gets no processor repeats the last key late.
      await letTimePass(settling);
      expect(await hand.shown()).toMatch(ending(prompt + line));
    } catch (error) {
      await page.keyboard.press("Control+u");
      throw error;
    }
  }).toPass({ timeout: patience });
  await page.keyboard.press("Enter");
}

async function screenHand(tinsmith: TinsmithPage, engine: RealEngine): Promise<Hand & Disposable> {
  const attached = await attach(engine.paths);
  await tinsmith.screenCanvas.click();
  return {
    shown: async () => {
      const screen = await attached.api.machine.screenText();
      return screen.kind === "text" ? screen.lines.join("").replaceAll(" ", "") : "";
    },
    type: (text) => tinsmith.page.keyboard.type(text, { delay: typingPace }),
    [Symbol.dispose]: () => attached[Symbol.dispose](),
  };
}

async function serialHand(tinsmith: TinsmithPage): Promise<Hand & Disposable> {
  return {
    shown: async () => (await tinsmith.serialText()).replaceAll(/\s/g, ""),
    type: (text) => tinsmith.typeIntoSerial(text),
    [Symbol.dispose]: () => {},
  };
}

/** Takes a processor for itself. */
function busyProcessor(): Disposable {
  const busy = spawn("sh", ["-c", "while :; do :; done"], { stdio: "ignore" });
  return { [Symbol.dispose]: () => void busy.kill("SIGKILL") };
}
