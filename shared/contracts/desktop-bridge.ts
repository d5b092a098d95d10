// The agreement between the preload script and the page: apart from the contract, since the preload script is to be
// small.

/** The object that the preload script puts into the page as `tinsmithDesktop`. */
export interface DesktopBridge {
  /** Asks for the port on which channels are opened; it comes as a message with `portMessage` as its data. */
  connect(): void;
  /** The path of a file that was dropped on the page; "" for one that is none on disk. */
  pathOf(file: object): string;
}

/** The data of the message by which the page gets its port, from its own window. */
export const portMessage = "tinsmith:port";

/** The message by which the main process gets the other end of that. */
export const connectMessage = "tinsmith:connect";

/** The channel on which the shell serves the contract of desktop-contract.ts; the app's own is "rpc", a session's below "sessions/ID/". */
export const desktopChannel = "desktop";
