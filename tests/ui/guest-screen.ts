import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { WebSocket } from "ws";
import { readImageSet } from "../../core/image-set/image-set.ts";
import { findInstallIso } from "../../core/iso/install-iso.ts";
import { attach } from "../../core/session/client/attach.ts";
import { webSocketChannel } from "../../core/session/serve/web-socket-channel.ts";
import { findSessions } from "../../core/session-record/find-sessions.ts";
import { findPaths, type Paths, sessionPaths } from "../../core/storage/paths.ts";
import { consoleChannelPath } from "../../shared/channel/byte-channel.ts";
import { encodeShellMessage } from "../../shared/guest/shell-codec.ts";
import type { RealEngine } from "./real-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** The embedded guest OS, booted from its ISO for a new image, with its screen in front of the person. */
export interface GuestScreen extends AsyncDisposable {
  readonly serial: GuestConsole;
}

/** The guest's serial console, past the window: what the guest itself has to say. */
export interface GuestConsole extends Disposable {
  /** Waits for the next prompt. */
  prompt(): Promise<void>;
  /** Types a line. */
  type(line: string): void;
  /** Runs a command, and gives what it printed. */
  run(command: string): Promise<string>;
  /** All that was printed since the last prompt that was waited for. */
  text(): string;
}

/** MiB: the guest boots in less. */
const memory = 256;
/** An emulated guest takes its time on a busy host. Milliseconds. */
const patience = 60_000;
/** As a person, who can't be faster: the guest's keyboard holds 16 events, and loses what comes too fast. Milliseconds. */
export const typingPace = 60;
/** The text on the guest's first console, without ends of lines. */
const firstScreen = "/dev/vcs1";

/** The path of the embedded guest OS's ISO, which is made when it is missing. */
export async function embeddedIso(engine: RealEngine): Promise<string> {
  const { folder, recipe } = readImageSet(engine.imageSet);
  if (!recipe.iso) throw new Error("the recipe names no ISO");
  return await findInstallIso(recipe.iso, { folder, cache: findPaths().cache, working: engine.imageSet });
}

interface StartOptions {
  readonly engine: RealEngine;
  readonly iso: string;
  readonly keyboardLayout?: string;
  /** More of the machine definition. */
  readonly machine?: object;
}

/** Boots a guest, and opens its screen in a window that is open. */
export async function startGuestScreen(
  tinsmith: TinsmithPage,
  { engine, iso, keyboardLayout = "en-us", machine = {} }: StartOptions,
): Promise<GuestScreen> {
  const definition = join(engine.imageSet, `machine-${keyboardLayout}.json`);
  writeFileSync(definition, JSON.stringify({ version: 1, keyboardLayout, ...machine }));
  const output = join(engine.imageSet, `${keyboardLayout}.tar.lz4`);
  const options = ["--boot", iso, "--memory", `${memory}`];
  await using cleanup = new AsyncDisposableStack();
  const building = engine.tinsmith("build", "from-new", definition, output, ...options).catch(() => {});
  cleanup.defer(async () => void (await building));
  await expect.poll(() => findSessions(engine.paths), { timeout: patience }).toHaveLength(1);
  cleanup.defer(() => endSession(engine.paths));
  using attached = await attach(engine.paths);
  const { description } = attached;
  const serial = cleanup.use(openGuestConsole(engine.paths, description.id));
  await tinsmith.command("Sessions");
  await tinsmith.page.getByRole("button", { name: description.title }).first().click();
  await tinsmith.showTab("Screen", description.title);
  const owned = cleanup.move();
  return { serial, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Ends the one session that runs, if it still does. */
async function endSession(paths: Paths): Promise<void> {
  for (const { processId } of await findSessions(paths)) process.kill(processId, "SIGTERM");
}

/** Waits until the guest has booted, and its screen asks for a command: that is when it hears its keyboard. */
export async function keyboardReady(serial: GuestConsole): Promise<void> {
  await serial.prompt();
  await serial.run(`until sudo grep -q '${promptText}' ${firstScreen}; do sleep 0.2; done`);
}

/**
 * Types a line at the guest's screen as a person does: looks at what came of it, and types it again when keys were lost
 * or repeated, as a guest does that got no processor for a while.
 */
export async function typeAtScreen(
  tinsmith: TinsmithPage,
  serial: GuestConsole,
  line: string,
): Promise<void> {
  const { keyboard } = tinsmith.page;
  await tinsmith.screenCanvas.click();
  await expect(async () => {
    // Clears the line.
    await keyboard.press("Control+u");
    await keyboard.type(line, { delay: typingPace });
    const wanted = promptText + line;
    const shown = async () => (await serial.run(`sudo cat ${firstScreen}`)).trimEnd().slice(-wanted.length);
    await expect.poll(shown, { timeout: 5_000 }).toBe(wanted);
  }).toPass({ timeout: patience });
  await keyboard.press("Enter");
}

const promptText = "tc@box:~$ ";

/** Opens the serial console of a session's guest. */
export function openGuestConsole(paths: Paths, session: string): GuestConsole {
  const { serialLog, apiSocket } = sessionPaths(paths, session);
  const channel = webSocketChannel(new WebSocket(`ws+unix:${apiSocket}:${consoleChannelPath}?from=0`));
  let position = 0;
  let commands = 0;
  // The guest may not have printed anything yet.
  const log = () => (existsSync(serialLog) ? readFileSync(serialLog, "utf8") : "");
  const text = () => log().slice(position);
  const waitFor = async (wanted: string): Promise<string> => {
    await expect.poll(text, { timeout: patience }).toContain(wanted);
    const found = text();
    const end = found.indexOf(wanted);
    position += end + wanted.length;
    return found.slice(0, end);
  };
  const type = (line: string) =>
    void channel.send(
      encodeShellMessage({ type: "data", stream: "stdin", payload: new TextEncoder().encode(`${line}\r`) }),
    );
  return {
    prompt: async () => void (await waitFor(promptText)),
    type,
    text,
    run: async (command) => {
      commands += 1;
      // The quotes are in the echo, and not in the output.
      type(`${command}; echo do''ne-${commands}-`);
      const printed = await waitFor(`done-${commands}-`);
      await waitFor(promptText);
      return printed;
    },
    [Symbol.dispose]: channel.close,
  };
}
