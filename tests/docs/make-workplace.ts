import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { makeWorkshop, tinsmithProgram, type Workshop } from "../guest/tinsmith.ts";
import { project } from "./pages.ts";
import type { Workplace } from "./run-section.ts";

/**
 * A folder that looks like a checkout to a person who follows a page; the caller removes it.
 *
 * @param state the folder of the sessions and of the known images; without it, in the folder itself
 */
export function makeWorkplace(state?: string): Workplace & { readonly workshop: Workshop } {
  const workshop = makeWorkshop();
  const { folder } = workshop;
  symlinkSync(tinsmithProgram, join(folder, "tinsmith"));
  symlinkSync(join(project, "guest"), join(folder, "guest"));
  const home = state ?? join(folder, "home");
  mkdirSync(home, { recursive: true });
  const env = {
    ...process.env,
    CI: "true",
    TINSMITH_HOME: undefined,
    XDG_STATE_HOME: home,
    XDG_RUNTIME_DIR: home,
  };
  return { folder, env, workshop };
}
