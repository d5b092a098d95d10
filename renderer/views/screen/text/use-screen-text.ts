import { useEffect, useState } from "react";
import type { ScreenText } from "../../../../shared/screen/screen-text.ts";
import { sessionClient } from "../../../client/api-client.ts";

/** The time between two looks at the screen, in milliseconds. */
const interval = 500;

/** The text on a guest's screen, again and again; undefined until it was read for the first time. */
export function useScreenText(session: string): ScreenText | undefined {
  const [text, setText] = useState<ScreenText>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCurrent = true;
    const read = async () => {
      // A virtual machine that has ended shows that by itself.
      const screen = await sessionClient(session)
        .machine.screenText()
        .catch(() => undefined);
      if (!isCurrent) return;
      // A selection stays as long as nothing changes.
      if (screen) setText((before) => (isSame(before, screen) ? before : screen));
      timer = setTimeout(read, interval);
    };
    void read();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [session]);
  return text;
}

function isSame(one: ScreenText | undefined, other: ScreenText): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
