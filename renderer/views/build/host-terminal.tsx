import { useEffect, useRef, useState } from "react";
import { hostChannelPath } from "../../../shared/byte-channel.ts";
import { openConsoleChannel } from "../../state/console-channel.ts";
import { openTerminal } from "../../ui/terminal.ts";

/** What the host's own commands print, such as the guest tools' compiler and the ISO builder. */
export function HostTerminal({ session }: { readonly session: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [isEmpty, setEmpty] = useState(true);
  useEffect(() => {
    if (!box.current) return;
    // Nobody types here.
    const terminal = openTerminal(box.current, { onTyped: () => {}, isReadOnly: true });
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
  return (
    <div className="host-box">
      <div className="host-terminal" ref={box} />
      {isEmpty && <p className="host-empty">Compilers and other commands of this host show here.</p>}
    </div>
  );
}
