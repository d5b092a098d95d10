import { useStore } from "zustand";
import type { Library } from "../../../shared/library/library.ts";
import type { SetFile } from "../../../shared/library/set-file.ts";
import { stepsFileEnd } from "../../../shared/recipe/steps-file.ts";
import { library } from "../connection/app-state.ts";
import { fileName } from "./file-name.ts";

/** The purpose of a file in its image set: as the library says, else by its name. */
export function useSetFile(path: string): SetFile {
  const kind = useStore(library, ({ value }) => kindOf(path, value));
  return { path, kind };
}

function kindOf(path: string, value: Library | undefined): SetFile["kind"] {
  const known = value?.sets.flatMap(({ files }) => files).find((file) => file.path === path);
  if (known) return known.kind;
  if (value?.sets.some(({ scenarios }) => scenarios.includes(path))) return "scenario";
  if (fileName(path) === "rules.yaml") return "rules";
  if (fileName(path) === "recipe.yaml") return "recipe";
  if (path.endsWith(stepsFileEnd)) return "steps";
  return fileName(path) === "machine.json" ? "machine" : "other";
}
