import { useSyncExternalStore } from "react";
import type { StoreApi } from "zustand/vanilla";

/** Reads part of a store in a component, which is drawn again when that part changes. */
export function useStore<State, Part>(store: StoreApi<State>, select: (state: State) => Part): Part {
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}
