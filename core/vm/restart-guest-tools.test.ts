import { expect, test, vi } from "vitest";
import { decodeShellMessage, encodeShellMessage } from "../../shared/guest/shell-codec.ts";
import type { GuestActions } from "../metaservice/actions/guest-actions.ts";
import { restartGuestTools } from "./restart-guest-tools.ts";

/** A guest whose shells each end as the next of the endings says, and what it was told. */
function guestWith(...endings: readonly Ending[]) {
  const left = [...endings];
  const told: string[] = [];
  const openShell: GuestActions["openShell"] = async ({ command }, { receive, isCutAtEnd }) => {
    const [print, success] = left.shift() ?? ["", false];
    told.push(
      isCutAtEnd ? "restart" : "look",
      ...(command[2]?.includes("mount") ? ["with a first script"] : []),
    );
    const ended = Promise.withResolvers<{ readonly success: boolean }>();
    const send = (bytes: Uint8Array) => {
      if (decodeShellMessage(bytes)?.type !== "data") return;
      told.push("go on");
      // The tools are killed, and their end cuts the shell off.
      ended.resolve({ success: true });
    };
    setImmediate(() => {
      receive(encodeShellMessage({ type: "data", stream: "stdout", payload: Buffer.from(print) }));
      if (!print.includes("ready")) ended.resolve({ success });
    });
    return { send, ended: ended.promise };
  };
  return { told, actions: { openShell } };
}

/** The output of a shell, and whether it ends well. One that is ready waits to be told to kill the tools. */
type Ending = readonly [print: string, success: boolean];

test("the old tools are killed when all that their shell has printed has come, and the new ones ask for the task", async () => {
  const { actions, told } = guestWith(["some text\nready 41\n", true]);
  const onRestart = vi.fn(() => void told.push("restarted"));
  const nextAsk = async () => void told.push("asked");
  expect(await restartGuestTools(actions, { nextAsk, onRestart })).toBe(true);
  expect(told).toEqual(["restart", "go on", "restarted", "asked"]);
});

test("without a task to ask for, an answer of another process shows that they have started", async () => {
  const { actions, told } = guestWith(["ready 41\n", true], ["41\n", true], ["52\n", true]);
  expect(await restartGuestTools(actions)).toBe(true);
  expect(told).toEqual(["restart", "go on", "look", "look"]);
});

test("a first script that fails leaves the tools as they are", async () => {
  const { actions, told } = guestWith(["mount: no drive\nnot-first\n", false]);
  expect(await restartGuestTools(actions, { first: "mount /dev/sr0" })).toBe(false);
  expect(told).toEqual(["restart", "with a first script"]);
});

test.each([
  ["no-mark\n", "the guest tools were not restarted: the image's worker.sh can't do that"],
  ["rm: read-only file system\n", "the guest tools were not restarted: rm: read-only file system"],
  ["", "the guest tools were not restarted: the guest did not say why"],
])("a guest that prints %j can't restart them", async (print, message) => {
  const { actions } = guestWith([print, false]);
  await expect(restartGuestTools(actions)).rejects.toMatchObject({ code: "guest-action-failed", message });
});
