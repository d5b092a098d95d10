import { useCallback, useEffect, useRef, useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { Verification } from "../../../shared/library/verification.ts";
import { app } from "../../client/api-client.ts";

/** How far the comparison of an image with its manifest is. */
export interface VerifyState {
  readonly status: "idle" | "running" | "done" | "failed";
  readonly result?: Verification;
  readonly error?: ErrorData;
}

/** Compares an image with its manifest, and its inputs with those on disk, as long as a view shows that. */
export function useVerification(image: string) {
  const [state, setState] = useState<VerifyState>({ status: "idle" });
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);
  const start = useCallback(async () => {
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    const { signal } = own;
    const keep = (next: VerifyState) => {
      if (!signal.aborted) setState(next);
    };
    keep({ status: "running" });
    try {
      keep({ status: "done", result: await app().contents.verify({ image }, { signal }) });
    } catch (thrown) {
      keep({ status: "failed", error: toAppError(thrown).toJSON() });
    }
  }, [image]);
  const cancel = useCallback(() => {
    controller.current?.abort();
    setState({ status: "idle" });
  }, []);
  return { state, start, cancel };
}
