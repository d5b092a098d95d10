import { createRequire } from "node:module";
import type koffi from "koffi";

/**
 * A function of the C library that Node does not have. koffi, which calls it, is loaded at the first call: that takes
 * 10 ms, and most commands call none.
 *
 * @param signature as C declares it
 */
export function cFunction(signature: string): (...args: number[]) => number {
  let call: ((...args: number[]) => number) | undefined;
  return (...args) => {
    call ??= loadKoffi().load(null).func(signature);
    return call(...args);
  };
}

/** The error of the last call that failed, as a number. */
export function lastErrorNumber(): number {
  return loadKoffi().errno();
}

let loaded: typeof koffi | undefined;

function loadKoffi(): typeof koffi {
  loaded ??= createRequire(import.meta.url)("koffi") as typeof koffi;
  return loaded;
}
