import { library } from "./app-state.ts";
import { offerCommands } from "./commands.ts";
import { fileName } from "./file-name.ts";
import { showFilePanel } from "./panels.ts";

/** Offers to edit each file of each image set, and keeps to what the library has. @returns what takes them back */
export function offerFileCommands(): () => void {
  let takeBack = () => {};
  let offered = "";
  const offer = () => {
    const files = (library.getState().value?.sets ?? []).flatMap(({ name, files }) =>
      files.map(({ path }) => ({ path, set: name })),
    );
    if (JSON.stringify(files) === offered) return;
    offered = JSON.stringify(files);
    takeBack();
    takeBack = offerCommands(
      files.map(({ path, set }) => ({
        id: `file.edit:${set}:${path}`,
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
