import { useEffect, useRef } from "react";

/** Gives a signal that aborts when the component is removed. */
export function useAbortAtEnd(): () => AbortSignal {
  const controller = useRef(new AbortController());
  useEffect(() => {
    controller.current = new AbortController();
    return () => controller.current.abort();
  }, []);
  return () => controller.current.signal;
}
