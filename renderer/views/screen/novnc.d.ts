/** The used part of the library, which has no types of its own. */
declare module "@novnc/novnc" {
  /** Carries the protocol's bytes: the part of a WebSocket that the library uses. */
  export interface RawChannel {
    readonly readyState: "connecting" | "open" | "closed";
    readonly protocol: string;
    binaryType: string;
    onopen: () => void;
    onmessage: (event: { readonly data: Uint8Array }) => void;
    onclose: (event: object) => void;
    onerror: (event: object) => void;
    send(bytes: Uint8Array): void;
    close(): void;
  }

  // biome-ignore lint/style/noDefaultExport: so it is.
  export default class RFB extends EventTarget {
    constructor(target: Element, channel: RawChannel);
    viewOnly: boolean;
    scaleViewport: boolean;
    background: string;
    compressionLevel: number;
    /** Without `down` the key is pressed and released. */
    sendKey(keysym: number, code: string | null, down?: boolean): void;
    toBlob(take: (blob: Blob | null) => void, type: string): void;
    disconnect(): void;
    focus(options?: FocusOptions): void;
  }
}
