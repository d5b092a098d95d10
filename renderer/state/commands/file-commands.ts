import type { ImageSet } from "../../../shared/library/library.ts";
import { library } from "../connection/app-state.ts";
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
    const files = sets.flatMap(({ name, folder, files }) =>
      files.map(({ path }) => ({ path, set: isOnly(name, sets) ? name : folder })),
    );
    if (JSON.stringify(files) === offered) return;
    offered = JSON.stringify(files);
    takeBack();
    takeBack = registerCommands(
      files.map(({ path, set }) => ({
        id: `file.edit:${path}`,
        title: `Edit ${fileName(path)} of ${set}`,
        group: "Files",
        run: () => showFilePanel(path),
      })),
    );
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
