import type { BuildInput, BuildInputKind } from "../../../shared/library/library.ts";
import { inputKey, noDigest } from "./compare-inputs.ts";

/**
 * The inputs of a build in progress. The build compares them with what is on disk each time that it has read some, so
 * that the record of the image doesn't claim inputs that the image was not made from.
 */
export class WatchedInputs {
  #recorded: readonly BuildInput[];
  readonly #added: (() => Promise<BuildInput>)[] = [];
  readonly #read: () => Promise<readonly BuildInput[]>;

  private constructor(first: readonly BuildInput[], read: () => Promise<readonly BuildInput[]>) {
    this.#recorded = first;
    this.#read = read;
  }

  /** Reads the inputs for the first time. @throws the error of `read`, as `check` does. */
  static async start(read: () => Promise<readonly BuildInput[]>): Promise<WatchedInputs> {
    return new WatchedInputs(await read(), read);
  }

  /** The inputs to record: those that changed during the build have a digest that makes the image stale. */
  get recorded(): readonly BuildInput[] {
    return this.#recorded;
  }

  /** Adds an input that the build itself has made. */
  async add(read: () => Promise<BuildInput>): Promise<BuildInput> {
    const input = await read();
    this.#recorded = [...this.#recorded, input];
    this.#added.push(read);
    return input;
  }

  /** Takes the inputs of a kind as they are now: the build itself has changed them, and goes by them. */
  async renew(kind: BuildInputKind): Promise<void> {
    const now = (await this.#read()).filter((input) => input.kind === kind);
    this.#recorded = [...now, ...this.#recorded.filter((input) => input.kind !== kind)];
  }

  /**
   * Reads the inputs again.
   *
   * @param kinds those that the build has read since the last check; without them, all.
   * @param onNote takes notes for the person about inputs that have changed since the build started.
   */
  async check(onNote: (text: string) => void, kinds?: readonly BuildInputKind[]): Promise<void> {
    const added = await Promise.all(this.#added.map((read) => read()));
    const now = [...(await this.#read()), ...added];
    const digests = new Map(now.map((input) => [inputKey(input), input.digest]));
    const changed = this.#recorded.filter(
      (input) =>
        input.digest !== noDigest.changed &&
        (kinds?.includes(input.kind) ?? true) &&
        digests.get(inputKey(input)) !== input.digest,
    );
    if (changed.length === 0) return;
    this.#recorded = this.#recorded.map((input) =>
      changed.includes(input) ? { ...input, digest: noDigest.changed } : input,
    );
    const names = changed.map(({ name }) => name).join(", ");
    onNote(
      `${names} changed while the image was being built. The image may contain either version, so it counts as stale: rebuild it.`,
    );
  }
}
