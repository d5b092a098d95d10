import { randomBytes } from "node:crypto";

/** One-time addresses of files that sessions left: a browser that loads a picture or saves a log sends no secret. */
export interface FileAddresses {
  /** Makes an address for a path below the window's own. */
  make(path: string): string;
  /** Whether a path is of their form. */
  isOne(path: string): boolean;
  /** The path that an address is for, once; undefined for an unknown, used or old address. */
  take(address: string): string | undefined;
}

/** The browser uses an address at once. Milliseconds. */
const lifetime = 60_000;
/** More than a window asks for in a lifetime; an older address is dropped. */
const maxAddresses = 1_000;
const prefix = "/once/";

/** @param now milliseconds of a clock that is never set */
export function createFileAddresses(now: () => number = () => performance.now()): FileAddresses {
  const open = new Map<string, { readonly path: string; readonly until: number }>();
  return {
    make: (path) => {
      // They are in the order of their age.
      for (const [oldest, { until }] of open)
        if (until < now() || open.size >= maxAddresses) open.delete(oldest);
      const address = `${prefix}${randomBytes(24).toString("base64url")}`;
      open.set(address, { path, until: now() + lifetime });
      return address;
    },
    isOne: (path) => path.startsWith(prefix),
    take: (address) => {
      const found = open.get(address);
      open.delete(address);
      return found && found.until >= now() ? found.path : undefined;
    },
  };
}
