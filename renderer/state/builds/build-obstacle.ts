import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { ImageKind, ImageSet } from "../../../shared/library/library.ts";
import { library, sessions } from "../connection/app-state.ts";
import { useChosenSet } from "./chosen-set.ts";

/** The archives whose builds this window has asked for, and has no answer about yet. */
export const requestedBuilds = createStore<{ readonly outputs: readonly string[] }>(() => ({ outputs: [] }));

/** The reason why an image can't be built now; undefined when it can. */
export function buildObstacle(set: ImageSet, image: ImageKind): string | undefined {
  if (set.problem) return "Correct the set's recipe first";
  const { path, building } = set[image];
  if (requestedBuilds.getState().outputs.includes(path)) return "The build is starting";
  if (building !== undefined)
    return keepsGuest(building)
      ? "Its failed build keeps the guest: stop the kept guest first"
      : "The image is already being built";
  if (image === "setup" || set.setup.archive) return undefined;
  if (set.setup.building !== undefined) return "Its setup image is being built first";
  return set.hasIso ? undefined : "Install the setup image first";
}

/** As `buildObstacle`, for a component. */
export function useBuildObstacle(set: ImageSet | undefined, image: ImageKind): string | undefined {
  const find = () => set && buildObstacle(set, image);
  useStore(requestedBuilds, find);
  return useStore(sessions, find);
}

/** The reason why an image of the chosen image set can't be built now, also when none is chosen, for a component. */
export function useChosenObstacle(image: ImageKind): string | undefined {
  const set = useChosenSet();
  const hasSets = useStore(library, ({ value }) => value !== undefined && value.sets.length > 0);
  const obstacle = useBuildObstacle(set, image);
  if (set) return obstacle;
  return hasSets ? "Choose an image set first" : "There is no image set yet";
}

function keepsGuest(session: string): boolean {
  return sessions.getState().value?.find(({ id }) => id === session)?.keepsGuest ?? false;
}
