import { expect, onTestFinished, test, vi } from "vitest";
import { registerCommands, runKey } from "./commands.ts";

/** The properties of a key event for a pressed key. */
const press = (held: Partial<KeyboardEvent>) =>
  runKey(
    {
      key: "k",
      ctrlKey: false,
      altKey: false,
      shiftKey: false,
      metaKey: false,
      repeat: false,
      ...held,
    } as KeyboardEvent,
    true,
  );

test("keys run their command with Ctrl alone: those with the Super key are the desktop's own", () => {
  const run = vi.fn();
  onTestFinished(registerCommands([{ id: "palette", title: "Show all commands", group: "View", run }]));
  expect(press({ metaKey: true })).toBe(false);
  expect(press({ ctrlKey: true, metaKey: true })).toBe(false);
  expect(run).not.toHaveBeenCalled();
  expect(press({ ctrlKey: true })).toBe(true);
  expect(run).toHaveBeenCalledOnce();
});
