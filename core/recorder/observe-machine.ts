import type { GuestInput } from "../../shared/recorder/guest-input.ts";
import type { MachineControl } from "../vm/machine-control.ts";
import { tapScreen } from "./screen-tap.ts";

/**
 * Called with each input, before the guest gets it. If it returns a promise, the guest gets the input only after that has settled.
 *
 * @param isGiven whether the guest has got the input: false when the virtual machine refused it. It never rejects.
 */
export type OnInput = (input: GuestInput, isGiven: Promise<boolean>) => Promise<void> | undefined;

/** Controls a virtual machine as `control` does, and reports the inputs that its guest gets by that. */
export function observeMachine(control: MachineControl, onInput: OnInput): MachineControl {
  /** The names at the top of each upload for a data CD. */
  const uploaded = new Map<string, Set<string>>();

  const report = async (inputs: readonly GuestInput[], act: () => Promise<void>) => {
    const { promise: isGiven, resolve } = Promise.withResolvers<boolean>();
    try {
      for (const input of inputs) await onInput(input, isGiven);
      await act();
      resolve(true);
    } finally {
      resolve(false);
    }
  };
  const insert = (paths: readonly string[], act: () => Promise<void>) =>
    report([{ act: "insert", path: paths.join(", ") }], act);

  return {
    ...control,
    reset: () => report([{ act: "reset" }], control.reset),
    insertCd: (path, options) => insert([path], () => control.insertCd(path, options)),
    insertFiles: (paths, options) => insert(paths, () => control.insertFiles(paths, options)),
    keepCdPart: async (part) => {
      await control.keepCdPart(part);
      const names = uploaded.get(part.upload) ?? new Set();
      const [name = ""] = part.path.split("/");
      uploaded.set(part.upload, names.add(name));
    },
    insertUpload: async (upload, options) => {
      const names = [...(uploaded.get(upload) ?? [])].sort();
      uploaded.delete(upload);
      await insert(names, () => control.insertUpload(upload, options));
    },
    ejectCd: (force) => report([{ act: "eject" }], () => control.ejectCd(force)),
    typeText: (text, signal) => report(inputsOfText(text), () => control.typeText(text, signal)),
    pressKeys: (keys) => report([{ console: "screen", keys: [...keys] }], () => control.pressKeys(keys)),
    openScreen: async () => {
      const layout = await control.layout();
      return tapScreen(await control.openScreen(), onInput, layout);
    },
  };
}

/** The keys of characters that are not printed. */
const controlKeys: Readonly<Record<string, string>> = { "\n": "ret", "\t": "tab" };

/** The inputs of a text that is typed at a screen. */
function inputsOfText(text: string): readonly GuestInput[] {
  const parts = text.replaceAll(/\r\n?/g, "\n").split(/([\n\t])/);
  return parts.flatMap((part): GuestInput[] => {
    const key = controlKeys[part];
    if (key !== undefined) return [{ console: "screen", keys: [key] }];
    return part === "" ? [] : [{ console: "screen", text: part }];
  });
}
