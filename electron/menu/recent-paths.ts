import type { StateKeeper } from "../window/stored-state.ts";

const mostPaths = 10;

/** The paths that were opened, which the menu shows. */
export interface RecentPaths {
  readonly get: () => readonly string[];
  remember(path: string): void;
  forget(): void;
}

export function createRecentPaths(kept: StateKeeper, onChange: () => void): RecentPaths {
  const set = (recent: readonly string[]) => {
    kept.change({ recent: [...recent] });
    onChange();
  };
  return {
    get: () => kept.get().recent,
    remember: (path) => {
      set([path, ...kept.get().recent.filter((one) => one !== path)].slice(0, mostPaths));
    },
    forget: () => {
      set([]);
    },
  };
}
