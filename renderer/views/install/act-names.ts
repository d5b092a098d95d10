import type { StepKind } from "../../../shared/recipe/install-step.ts";

/** The beginnings of sentences about install steps: their texts follow. */
export const actsOf: Readonly<Record<StepKind, string>> = {
  wait: "Waits for",
  screen: "Waits on the screen for",
  region: "Waits for the picture",
  click: "Clicks at",
  type: "Types",
  keys: "Types",
  press: "Presses",
  insert: "Inserts",
  eject: "Empties the CD drive",
  reset: "Resets the virtual machine",
  checkpoint: "Makes the checkpoint",
};
