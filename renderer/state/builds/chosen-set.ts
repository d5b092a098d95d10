import { useStore } from "zustand";
import { AppError } from "../../../shared/errors/errors.ts";
import type { ImageSet } from "../../../shared/library/library.ts";
import { library } from "../connection/app-state.ts";
import { remember, windowState } from "../connection/window-state.ts";

/** Chooses the image set that the toolbar's buttons mean. */
export function chooseSet(folder: string): void {
  remember({ chosenSet: folder });
}

/** Chooses the first image set that is seen, if none was ever chosen. @returns a function that ends it */
export function chooseFirstSet(): () => void {
  const choose = () => {
    const first = library.getState().value?.sets[0];
    if (first && windowState.getState().chosenSet === undefined) chooseSet(first.folder);
  };
  choose();
  return library.subscribe(choose);
}

/** The chosen set. When it has vanished no other one takes its place: a click would then rebuild what nobody chose. */
export function findChosenSet(): ImageSet | undefined {
  return chosenOf(library.getState().value?.sets, windowState.getState().chosenSet);
}

/** The chosen set, or nothing when there is no image set at all. @throws AppError when one has to be chosen first */
export function demandChosenSet(): ImageSet | undefined {
  const set = findChosenSet();
  if (set || !library.getState().value?.sets.length) return set;
  throw new AppError({
    code: "usage",
    message: "no image set is chosen",
    advice: "Choose one in the library or the toolbar.",
  });
}

/** As `findChosenSet`, for a component. */
export function useChosenSet(): ImageSet | undefined {
  const sets = useStore(library, (state) => state.value?.sets);
  return chosenOf(
    sets,
    useStore(windowState, (state) => state.chosenSet),
  );
}

function chosenOf(sets: readonly ImageSet[] = [], folder: string | undefined): ImageSet | undefined {
  return sets.find((set) => set.folder === folder);
}
