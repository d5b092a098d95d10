import type { ImageSet } from "../../../shared/library/library.ts";
import { hasRules } from "../builds/find-slot.ts";
import { library } from "../connection/app-state.ts";
import { addRules } from "../files/add-set-file.ts";
import { fileName } from "../files/file-name.ts";
import { showFilePanel } from "../layout/panels.ts";
import { registerCommands } from "./commands.ts";

/**
 * Registers a command to edit each file of each image set, and follows the library.
 *
 * @returns a function that removes them
 */
export function offerFileCommands(): () => void {
  let takeBack = () => {};
  let offered = "";
  const offer = () => {
    const sets = library.getState().value?.sets ?? [];
    const nameOf = ({ name, folder }: ImageSet) => (isOnly(name, sets) ? name : folder);
    const files = sets.flatMap((set) =>
      [...set.files.map(({ path }) => path), ...set.scenarios].map((path) => ({ path, set: nameOf(set) })),
    );
    const withoutRules = sets
      .filter((set) => !hasRules(set))
      .map((set) => ({ folder: set.folder, set: nameOf(set) }));
    const wanted = JSON.stringify({ files, withoutRules });
    if (wanted === offered) return;
    offered = wanted;
    takeBack();
    takeBack = registerCommands([
      ...files.map(({ path, set }) => ({
        id: `file.edit:${path}`,
        title: `Edit ${fileName(path)} of ${set}`,
        group: "Files",
        run: () => showFilePanel(path),
      })),
      ...withoutRules.map(({ folder, set }) => ({
        id: `file.add-rules:${folder}`,
        title: `Add rules.yaml to ${set}`,
        group: "Files",
        run: () => addRules({ folder }),
      })),
    ]);
  };
  offer();
  const unsubscribe = library.subscribe(offer);
  return () => {
    unsubscribe();
    takeBack();
  };
}

/** Whether no other image set has this name; in another workspace one may. */
function isOnly(wanted: string, sets: readonly ImageSet[]): boolean {
  return sets.filter(({ name }) => name === wanted).length === 1;
}
