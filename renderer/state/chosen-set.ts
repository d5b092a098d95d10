import { createStore } from "zustand/vanilla";
import type { ImageSet } from "../../shared/library.ts";
import { library } from "./app-state.ts";
import { useStore } from "./store.ts";

const storageKey = "tinsmith.chosen-set";

/** The image set that the toolbar's buttons mean, by its folder. */
export const chosenSet = createStore<{ readonly folder: string | undefined }>(() => ({
  folder: localStorage.getItem(storageKey) ?? undefined,
}));

export function chooseSet(folder: string): void {
  localStorage.setItem(storageKey, folder);
  chosenSet.setState({ folder });
}

/** The chosen set, or the first one when none is chosen or the chosen one is gone. */
export function findChosenSet(): ImageSet | undefined {
  return chosenOf(library.getState().value?.sets, chosenSet.getState().folder);
}

/** As `findChosenSet`, for a component. */
export function useChosenSet(): ImageSet | undefined {
  const sets = useStore(library, (state) => state.value?.sets);
  return chosenOf(
    sets,
    useStore(chosenSet, (state) => state.folder),
  );
}

function chosenOf(sets: readonly ImageSet[] = [], folder: string | undefined): ImageSet | undefined {
  return sets.find((set) => set.folder === folder) ?? sets[0];
}
