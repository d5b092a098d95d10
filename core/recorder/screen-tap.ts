import { Duplex } from "node:stream";
import type { KeyboardLayout } from "../../shared/machine/keyboard-layout.ts";
import { createClientMessages } from "../qemu/keyboard/client-messages.ts";
import type { OnInput } from "./observe-machine.ts";
import { createScreenInputs } from "./screen-inputs.ts";

/**
 * Passes a viewer's connection to a VNC server on as it is, byte for byte, and reports the inputs in it. Only when
 * `onInput` returns a promise, that input and all behind it wait until it settles. A stream that is not understood is
 * passed on without reports.
 *
 * @param layout the guest's
 */
export function tapScreen(screen: Duplex, onInput: OnInput, layout: KeyboardLayout): Duplex {
  return new TappedScreen(screen, onInput, layout);
}

class TappedScreen extends Duplex {
  readonly #messages = createClientMessages();
  readonly #inputs;
  readonly #screen: Duplex;
  readonly #onInput: OnInput;

  constructor(screen: Duplex, onInput: OnInput, layout: KeyboardLayout) {
    super();
    this.#screen = screen;
    this.#onInput = onInput;
    this.#inputs = createScreenInputs(layout);
    screen.on("data", (bytes) => {
      if (!this.push(bytes)) screen.pause();
    });
    screen.on("end", () => this.push(null));
    screen.on("error", (error) => this.destroy(error));
    screen.on("close", () => this.destroy());
  }

  override _read(): void {
    this.#screen.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#pass(bytes).then(() => done(), done);
  }

  /** Settles when the screen has taken the bytes, so that the viewer's side sees how far it is behind. */
  async #pass(bytes: Buffer): Promise<void> {
    let passed = 0;
    const passUntil = async (end: number) => {
      const part = bytes.subarray(passed, end);
      passed = end;
      if (part.length > 0) await write(this.#screen, part);
    };
    for (const { event, start } of this.#messages.take(bytes)) {
      const input = this.#inputs.take(event);
      const wait = input && this.#onInput(input, Promise.resolve(true));
      if (!wait) continue;
      await passUntil(start);
      // The guest gets the person's input even if its report fails.
      await wait.catch(() => {});
    }
    await passUntil(bytes.length);
  }

  override _final(done: () => void): void {
    this.#screen.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#screen.destroy();
    done(error);
  }
}

async function write(stream: Duplex, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    stream.write(bytes, (error) => (error ? reject(error) : resolve())),
  );
}
