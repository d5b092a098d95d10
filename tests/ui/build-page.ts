import { join } from "node:path";
import { expect } from "./fixtures.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** Begins a build and shows it. @returns the build, and the parts of its view */
export async function showBuild(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
  return { build, ...partsOf(tinsmith) };
}

function partsOf({ build }: TinsmithPage) {
  return {
    steps: build.getByRole("list", { name: "Steps" }),
    log: build.getByRole("log"),
    serial: build.getByRole("region", { name: "Serial console" }),
    host: build.getByRole("region", { name: "Commands on this host" }),
    step: (name: string) => build.getByRole("listitem").getByRole("button", { name }),
    command: (name: string) => build.getByRole("log").getByRole("button", { name }),
    line: (text: string) => build.locator(".log-line", { hasText: text }),
    pane: (name: string) => build.getByRole("toolbar", { name: "Panes" }).getByRole("button", { name }),
  };
}
