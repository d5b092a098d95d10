import { useEffect, useRef, useState } from "react";
import { hostChannelPath } from "../../../shared/channel/byte-channel.ts";
import type { AwaitedInput } from "../../../shared/session/build.ts";
import { openConsoleChannel } from "../../state/guest/console-channel.ts";
import { Button } from "../../ui/button.tsx";
import { openTerminal, type Terminal } from "../../ui/terminal/terminal.ts";

interface HostTerminalProps {
  readonly session: string;
  /** Set while the command that runs waits for input: only then can be typed. */
  readonly awaitedInput: AwaitedInput | undefined;
}

/** The output of the host's own commands, such as the guest tools' compiler and the ISO builder. */
export function HostTerminal({ session, awaitedInput }: HostTerminalProps) {
  const box = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<Terminal>();
  const [isEmpty, setEmpty] = useState(true);
  useEffect(() => {
    if (!box.current) return;
    const onTyped = (bytes: Uint8Array) => channel.type(bytes);
    const onAnswer = (bytes: Uint8Array) => channel.answer(bytes);
    const terminal = openTerminal(box.current, { onTyped, onAnswer, isReadOnly: true });
    setTerminal(terminal);
    const channel = openConsoleChannel(session, hostChannelPath, {
      onOutput: (bytes, consumed) => {
        setEmpty(false);
        terminal.write(bytes, consumed);
      },
    });
    return () => {
      channel.close();
      terminal.dispose();
    };
  }, [session]);
  const isAwaited = awaitedInput !== undefined;
  useEffect(() => terminal?.setReadOnly(!isAwaited), [terminal, isAwaited]);
  return (
    <div className="host-box">
      <div className="host-terminal" ref={box} />
      {awaitedInput && (
        <p className="host-waits" role="status">
          {awaitedInput.isCertain
            ? "This command waits for input. Type it here."
            : "This command has printed nothing for a minute. If it waits for input, type it here."}{" "}
          <Button look="quiet" onClick={() => terminal?.focus()}>
            Type
          </Button>
        </p>
      )}
      {isEmpty && <p className="host-empty">No command has run on this host yet.</p>}
    </div>
  );
}
