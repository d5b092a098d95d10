import { useCallback, useEffect, useRef, useState } from "react";
import { sessionClient } from "../../../client/api-client.ts";
import { sayError } from "../../../state/messages/notices.ts";
import { readClipboard } from "./read-clipboard.ts";

/** Types the clipboard's text into a guest, until it is done or stopped. */
export function useTyping(session: string) {
  const [isTyping, setTyping] = useState(false);
  const typing = useRef<AbortController>(undefined);
  useEffect(() => () => typing.current?.abort(), []);
  const type = useCallback(async () => {
    const controller = new AbortController();
    typing.current = controller;
    try {
      const text = await readClipboard();
      setTyping(true);
      await sessionClient(session).machine.typeText({ text }, { signal: controller.signal });
    } catch (error) {
      if (!controller.signal.aborted) sayError(error);
    } finally {
      setTyping(false);
    }
  }, [session]);
  const stop = useCallback(() => typing.current?.abort(), []);
  return { isTyping, type, stop };
}
