import { expect } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** A guest whose shells repeat what is typed. */
export const echoShell = {
  files: {},
  shell: async ({
    input,
    print,
  }: {
    input: AsyncIterable<Uint8Array>;
    print(text: string): Promise<void>;
  }) => {
    await print("ready> ");
    for await (const bytes of input) await print(`<${Buffer.from(bytes)}>`);
    return true;
  },
};

/** Opens a run by the list of sessions. */
export async function openRun(tinsmith: TinsmithPage, engine: ScriptedEngine, command: string) {
  const run = await engine.beginRun({ command: ["sh", "-c", command] });
  run.log(`log of ${command}\r\n`);
  const view = await RunPage.open(tinsmith, command);
  await expect(view.log).toContainText(`log of ${command}`);
  return { run, view };
}

/** The titles of the tabs that are shown, in their order. */
export const tabTitles = ({ page }: TinsmithPage) => page.locator(".dv-tab .tab-title").allTextContents();
