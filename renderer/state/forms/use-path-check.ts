import { useEffect, useState } from "react";
import type { PathKind } from "../../../shared/app/path-kind.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { app } from "../../client/api-client.ts";
import { typingPause } from "../../ui/forms/form.ts";
import { errorSentences } from "../../ui/messages/error-sentences.ts";

interface PathCheck {
  /** The problem of the path, once it is known. */
  readonly issue: string | undefined;
  /** Checks it now. @returns whether it will do */
  readonly check: () => Promise<boolean>;
}

/** Has the engine check a path after a pause in typing. */
export function usePathCheck(path: string, wanted: readonly PathKind[]): PathCheck {
  const [found, setFound] = useState<{ readonly path: string; readonly issue: string | undefined }>();
  const kinds = wanted.join(" ");
  useEffect(() => {
    if (path === "") return;
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(async () => {
      const issue = await findIssue(path, kinds, signal);
      if (!signal.aborted) setFound({ path, issue });
    }, typingPause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [path, kinds]);
  const check = async () => {
    const issue = await findIssue(path, kinds);
    setFound({ path, issue });
    return issue === undefined;
  };
  const known = found?.path === path ? found.issue : undefined;
  return { issue: path === "" ? missing : known, check };
}

const missing = "Enter a path.";

async function findIssue(path: string, kinds: string, signal?: AbortSignal): Promise<string | undefined> {
  if (path === "") return missing;
  try {
    await app().host.checkPath({ path, wanted: kinds.split(" ") as PathKind[] }, signal && { signal });
    return undefined;
  } catch (thrown) {
    const error = toAppError(thrown);
    // Such as a lost connection, which is not the path's fault.
    return error.code === "internal" ? undefined : errorSentences(error);
  }
}
