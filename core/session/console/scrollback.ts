import { protocolLimits } from "../../../shared/limits.ts";
import type { ConsoleOutput } from "./console-relay.ts";

/** The last output of a terminal, in memory. */
export interface Scrollback extends ConsoleOutput {
  /** Adds a block; `taken` is called when the first reader has got to it. */
  print(bytes: Uint8Array, taken: () => void): void;
  /** Ends the output. */
  end(): void;
}

interface Block {
  readonly start: number;
  readonly bytes: Uint8Array;
  taken: () => void;
}

/** @param kept bytes that stay for readers who come late; more stay while no reader has got to them */
export function createScrollback(kept: number): Scrollback {
  const blocks: Block[] = [];
  let printed = 0;
  /** Up to where a reader has got. */
  let taken = 0;
  let hasEnded = false;
  let { promise: change, resolve: changed } = Promise.withResolvers<void>();
  const tell = () => {
    changed();
    ({ promise: change, resolve: changed } = Promise.withResolvers<void>());
  };
  const take = (block: Block) => {
    taken = Math.max(taken, endOf(block));
    const tellWriter = block.taken;
    block.taken = () => {};
    tellWriter();
  };
  const forgetOld = () => {
    while (blocks[0] && endOf(blocks[0]) <= Math.min(taken, printed - kept)) blocks.shift();
  };

  return {
    start: () => blocks[0]?.start ?? printed,
    printed: () => printed,
    print: (bytes, taken) => {
      const block = { start: printed, bytes: Uint8Array.from(bytes), taken };
      const last = blocks.at(-1);
      printed += bytes.length;
      // A person types one letter after another: a block for the echo of each would be many.
      if (last && last.bytes.length + bytes.length <= protocolLimits.shellBlockBytes)
        blocks.splice(-1, 1, joined(last, block));
      else blocks.push(block);
      forgetOld();
      tell();
    },
    end: () => {
      hasEnded = true;
      tell();
    },
    read: async function* (from, signal) {
      const aborted = new Promise<void>((resolve) =>
        signal.addEventListener("abort", () => resolve(), { once: true }),
      );
      for (let position = from; !signal.aborted; ) {
        const block = blocks.find((one) => position < endOf(one));
        if (!block && hasEnded) return;
        if (!block) {
          await Promise.race([change, aborted]);
          continue;
        }
        // A reader who fell behind continues with the kept output.
        const skipped = Math.max(0, position - block.start);
        position = endOf(block);
        take(block);
        yield block.bytes.subarray(skipped);
      }
    },
  };
}

function endOf({ start, bytes }: Block): number {
  return start + bytes.length;
}

function joined(one: Block, next: Block): Block {
  const taken = () => {
    one.taken();
    next.taken();
  };
  return { start: one.start, bytes: Buffer.concat([one.bytes, next.bytes]), taken };
}
