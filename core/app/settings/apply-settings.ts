import { delimiter } from "node:path";
import type { Settings } from "../../../shared/app/settings.ts";
import { acceleratorVariable } from "../../accelerator/accelerator.ts";

const ownPath = process.env.PATH ?? "";

/** Lets this process, and the sessions that it starts from now on, keep to the settings. */
export function applySettings({ accelerator, toolFolders }: Settings): void {
  process.env.PATH = [...toolFolders, ownPath].join(delimiter);
  if (accelerator === "auto") delete process.env[acceleratorVariable];
  else process.env[acceleratorVariable] = accelerator;
}
