import { RotateCcw } from "lucide-react";
import { useStore } from "zustand";
import { useBuildObstacle } from "../../state/builds/build-obstacle.ts";
import { findSlot } from "../../state/builds/find-slot.ts";
import { startBuild } from "../../state/builds/start-build.ts";
import { library } from "../../state/connection/app-state.ts";
import { Button } from "../../ui/button.tsx";

/** The ways to build an image once more. */
interface Retry {
  /** The reason why that can't be done now. */
  readonly obstacle: string | undefined;
  /** @param from the session whose work is used again, where that is sound */
  start(from?: string): void;
}

/**
 * @param session the one of the build that is over.
 * @param output the archive's path
 * @returns undefined for an archive of no image set
 */
export function useRetry(session: string, output: string): Retry | undefined {
  const sets = useStore(library, (state) => state.value?.sets);
  const found = findSlot(sets ?? [], output);
  const other = useBuildObstacle(found?.set, found?.image ?? "worker");
  // The list may not have heard of its end yet.
  const obstacle = found?.slot.building === session ? undefined : other;
  return (
    found && {
      obstacle,
      start: (from) => void startBuild(found.set, found.image, { retry: from, force: true }),
    }
  );
}

interface RetryButtonProps {
  readonly retry: Retry | undefined;
  readonly look?: "plain" | "primary";
}

export function RetryButton({ retry, look = "primary" }: RetryButtonProps) {
  return (
    retry && (
      <Button look={look} icon={RotateCcw} disabledReason={retry.obstacle} onClick={() => retry.start()}>
        Retry all
      </Button>
    )
  );
}
