import { taskLogChannelPath } from "../../../shared/channel/byte-channel.ts";
import { openConsoleChannel } from "../guest/console-channel.ts";
import { createLogText, type LogText } from "./log-text.ts";

/** A session's task log, as it comes. */
export interface TaskLog {
  readonly text: LogText;
  /** Counts the times that it has changed: one who knows the number knows the text. */
  version(): number;
  /** Calls back when it has changed, not more than once a frame. @returns a function that ends it */
  onChange(listener: () => void): () => void;
  close(): void;
}

export function openTaskLog(session: string): TaskLog {
  const text = createLogText();
  const listeners = new Set<() => void>();
  let version = 0;
  let frame = 0;
  const tell = () => {
    frame = 0;
    version += 1;
    for (const listener of listeners) listener();
  };
  const channel = openConsoleChannel(session, taskLogChannelPath, {
    onOutput: (bytes, consumed) => {
      text.write(bytes);
      consumed();
      frame ||= requestAnimationFrame(tell);
    },
  });
  return {
    text,
    version: () => version,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      cancelAnimationFrame(frame);
      channel.close();
    },
  };
}
