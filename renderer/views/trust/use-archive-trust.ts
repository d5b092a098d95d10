import { useEffect, useState } from "react";
import type { ArchiveExamination } from "../../../shared/contracts/app-contract.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { app } from "../../client/api-client.ts";
import { typingPause } from "../../ui/forms/form.ts";

/** Whether an archive may be booted, and the decision that a person has to make before. */
export interface ArchiveTrust {
  /** `none` without an archive; `asks` when its warning has to be accepted. */
  readonly status: "none" | "examining" | "failed" | "asks" | "fine";
  /** The warning, or why the archive can't be examined. */
  readonly text?: string | undefined;
  readonly mayBoot: boolean;
  /** The step that is left to do before it may be booted. */
  readonly obstacle?: string | undefined;
  /** The digest that the person has accepted. */
  readonly accepted?: string | undefined;
  /** Accepts the archive that was examined, or takes that back. */
  readonly accept: (isAccepted: boolean) => void;
  /** Examines the archive again, which may have changed, and throws the error on. */
  readonly examineAgain: (error: unknown) => never;
}

/** An examination's result, and its archive. */
interface Examined {
  readonly archive: string;
  readonly attempt: number;
  readonly result?: ArchiveExamination;
  readonly problem?: string;
}

/**
 * Has the engine examine an archive; until that has succeeded the archive may not be booted.
 *
 * @param isTyped its path is being typed: it is examined after a pause.
 */
export function useArchiveTrust(archive: string, { isTyped = false } = {}): ArchiveTrust {
  const [attempt, setAttempt] = useState(0);
  const [examined, setExamined] = useState<Examined>();
  const [accepted, setAccepted] = useState<string>();
  useEffect(() => {
    if (archive === "") return;
    const controller = new AbortController();
    const { signal } = controller;
    const examine = async () => {
      try {
        const result = await app().runs.examine({ path: archive }, { signal });
        if (!signal.aborted) setExamined({ archive, attempt, result });
      } catch (error) {
        if (!signal.aborted) setExamined({ archive, attempt, problem: toAppError(error).message });
      }
    };
    const timer = setTimeout(examine, isTyped ? typingPause : 0);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [archive, attempt, isTyped]);
  const isOfNow = examined?.archive === archive && examined.attempt === attempt;
  const { result, problem } = isOfNow ? examined : {};
  const isAccepted = result !== undefined && accepted === result.digest;
  const described = describe(archive, result, problem);
  const mayBoot = result !== undefined && (result.warning === undefined || isAccepted);
  return {
    ...described,
    mayBoot,
    obstacle: mayBoot ? undefined : obstacles[described.status],
    accepted: isAccepted ? accepted : undefined,
    accept: (wanted) => setAccepted(wanted ? result?.digest : undefined),
    examineAgain: (error) => {
      setAttempt(attempt + 1);
      throw error;
    },
  };
}

const obstacles: Partial<Record<ArchiveTrust["status"], string>> = {
  examining: "The archive is being read",
  asks: "Accept the archive first",
};

function describe(
  archive: string,
  result: ArchiveExamination | undefined,
  problem: string | undefined,
): Pick<ArchiveTrust, "status" | "text"> {
  if (archive === "") return { status: "none" };
  if (problem !== undefined) return { status: "failed", text: problem };
  if (!result) return { status: "examining" };
  return result.warning === undefined ? { status: "fine" } : { status: "asks", text: result.warning };
}
