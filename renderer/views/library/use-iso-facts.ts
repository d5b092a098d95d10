import { useEffect, useState } from "react";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { IsoFacts } from "../../../shared/library/iso-facts.ts";
import { app } from "../../client/api-client.ts";
import { typingPause } from "../../ui/forms/form.ts";
import { errorSentences } from "../../ui/messages/error-sentences.ts";

/** The facts about an ISO, or the reason why there are none. */
interface FoundFacts {
  readonly facts?: IsoFacts;
  readonly problem?: string;
}

/**
 * Has the engine describe an ISO after a pause in typing. A path that leads to no file has neither facts nor a problem:
 * its field tells that.
 *
 * @param path undefined for none.
 */
export function useIsoFacts(path: string | undefined): FoundFacts {
  const [found, setFound] = useState<FoundFacts & { readonly path: string }>();
  useEffect(() => {
    if (!path) return;
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(async () => {
      const facts = await describe(path, signal);
      if (!signal.aborted) setFound({ path, ...facts });
    }, typingPause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [path]);
  return found !== undefined && found.path === path ? found : {};
}

async function describe(path: string, signal: AbortSignal): Promise<FoundFacts> {
  try {
    await app().host.checkPath({ path, wanted: ["iso"] }, { signal });
  } catch {
    return {};
  }
  try {
    return { facts: await app().host.describeIso({ path }, { signal }) };
  } catch (thrown) {
    return { problem: errorSentences(toAppError(thrown)) };
  }
}
