import type { Duplex } from "node:stream";

/** The connections of a server that every user of this host can reach. */
export interface Connections {
  /** Adds a new connection. When there are too many that are not trusted, the oldest of those is cut. */
  add(stream: Duplex): void;
  /** Keeps a connection, whose other end has shown that it is a window, however many others come. */
  trust(stream: Duplex): void;
  /** Cuts all. */
  cut(): void;
}

/**
 * @param maxUntrusted connections. A new one is always accepted, and an old one cut: a window needs one for milliseconds, and
 * somebody who holds many must not keep it out.
 */
export function createConnections(maxUntrusted: number): Connections {
  const all = new Set<Duplex>();
  const untrusted = new Set<Duplex>();
  return {
    add: (stream) => {
      all.add(stream);
      untrusted.add(stream);
      stream.once("close", () => {
        all.delete(stream);
        untrusted.delete(stream);
      });
      const [oldest] = untrusted;
      if (oldest && untrusted.size > maxUntrusted) {
        untrusted.delete(oldest);
        oldest.destroy();
      }
    },
    trust: (stream) => void untrusted.delete(stream),
    cut: () => {
      for (const stream of all) stream.destroy();
    },
  };
}
