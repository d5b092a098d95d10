import { isAbsolute, relative, resolve } from "node:path";
import type { InstallStep } from "../../shared/recipe/install-step.ts";

/** An install step whose relative paths start at one folder, with those that lead to the same files from another one. */
export function moveStep(step: InstallStep, from: string, to: string): InstallStep {
  // A path in the same folder stays as a person has written it.
  const move = (path: string) =>
    from === to || isAbsolute(path) ? path : relative(to, resolve(from, path)) || ".";
  return {
    ...step,
    ...(step.insert !== undefined && { insert: move(step.insert) }),
    ...(step.region !== undefined && { region: move(step.region) }),
  };
}
