import type { ConsoleName, InstallStep } from "../../../shared/recipe/install-step.ts";
import type { WaitVerdict } from "../../../shared/recorder/recorded-step.ts";
import type { Recording } from "../cast/recording.ts";
import { type AlignedAct, alignActs, type ComparedScript } from "./align-acts.ts";
import { type ConsoleTrack, createConsoleTrack } from "./console-track.ts";
import { createActFinder, type PersonAct } from "./find-acts.ts";
import { createInputGuards, type UnguardedInput } from "./input-guards.ts";
import { lineOfAct } from "./script-builder.ts";
import { bestSimilarity } from "./similar-line.ts";

/** A step of a script, and how it compares with a recording. */
export interface DryStep {
  readonly step: InstallStep;
  /** Of a wait. */
  readonly verdict?: WaitVerdict | undefined;
  /** When an input was recorded, in seconds; undefined for one that is not in the recording. */
  readonly at?: number | undefined;
  /** Of an input that no wait holds back. */
  readonly unguarded?: UnguardedInput | undefined;
}

/** Whether a recording can say anything about a step: it has no pictures, and needs no checkpoints. */
export function isCompared({ region, checkpoint }: InstallStep): boolean {
  return region === undefined && checkpoint === undefined;
}

/** Whether a step's wait does not find its text, or finds another. */
export function isWrong({ verdict }: DryStep): boolean {
  return verdict !== undefined && verdict.kind !== "ok";
}

/**
 * Performs an install script on a recording: as a build would, but the guest's answers are those that were recorded, so it takes
 * milliseconds. A wait must find its text before the input that a person gave next, and it must be the text that was there then.
 */
export async function dryRun(recording: Recording, script: ComparedScript): Promise<readonly DryStep[]> {
  const acts: PersonAct[] = [];
  using cleanup = new DisposableStack();
  const tracks: Record<ConsoleName, ConsoleTrack> = {
    serial: cleanup.use(createConsoleTrack()),
    screen: cleanup.use(createConsoleTrack()),
  };
  const finder = createActFinder((act) => acts.push(act));
  let end = 0;
  for (const entry of recording.entries) {
    if (entry.kind === "output") tracks.serial.add(entry);
    else if (entry.kind === "screen") tracks.screen.add(entry);
    finder.add(entry);
    end = Math.max(end, entry.time);
  }
  finder.end();
  const aligned = alignActs(acts, script);
  const seen: Record<ConsoleName, string[]> = { serial: [], screen: [] };
  const results: DryStep[] = script.steps.map((step) => ({ step }));
  const guards = createInputGuards();
  let typedOn: ConsoleName | undefined;
  let from = 0;
  let waits: { readonly step: InstallStep; readonly index: number; readonly console: ConsoleName }[] = [];
  const wait = async (until: number) => {
    const consoles = ["serial", "screen"] as const;
    for (const console of consoles) {
      const lines = await tracks[console].readUntil(until);
      seen[console].push(...lines, ...tracks[console].lastLines(lookedAtLines));
    }
    // Waits on both consoles before one input: in their order.
    for (let rest = waits; rest.length > 0; ) {
      const console = rest[0]?.console ?? "serial";
      const change = rest.findIndex((one) => one.console !== console);
      const group = rest.slice(0, change < 0 ? rest.length : change);
      rest = rest.slice(group.length);
      const expected = group.map(({ step }) => waitOf(step));
      const matches = await tracks[console].waitFor(expected, { from, until });
      for (const [position, { step, index }] of group.entries()) {
        const match = matches[position];
        const verdict: WaitVerdict = match
          ? { kind: match.isEarly ? "early" : "ok", at: match.at }
          : { kind: "never", nearest: bestSimilarity(waitOf(step), seen[console]) };
        results[index] = { step, verdict };
        guards.wait(verdict);
        if (match) from = Math.max(from, match.at);
      }
    }
    waits = [];
  };
  const perform = async (step: InstallStep, index: number, aligned: AlignedAct) => {
    await wait(aligned.start);
    const unguarded = guards.input(step, index, aligned.act && aligned.end);
    results[index] = { step, at: aligned.isSame ? aligned.start : undefined, unguarded };
    const { act } = aligned;
    if (act && "console" in act) {
      // A person who goes to the other console has read the one that they leave.
      if (typedOn !== undefined && typedOn !== act.console)
        await tracks[typedOn].input(undefined, aligned.start);
      typedOn = act.console;
      await tracks[act.console].input(step.type === undefined ? undefined : lineOfAct(act), aligned.end);
    }
    from = Math.max(from, aligned.end);
  };
  for (const [index, step] of script.steps.entries()) {
    if (step.wait === "power-off") {
      await wait(end);
      const at = powerOff(recording);
      results[index] = { step, verdict: at === undefined ? { kind: "never" } : { kind: "ok", at } };
    } else if (step.wait !== undefined) waits.push({ step, index, console: script.console });
    else if (step.screen !== undefined) waits.push({ step, index, console: "screen" });
    else if (step.region !== undefined) guards.wait();
    else if (isCompared(step))
      await perform(step, index, aligned[index] ?? { isSame: false, start: end, end });
  }
  await wait(end);
  return results;
}

const lookedAtLines = 25;

function waitOf({ wait, screen }: InstallStep) {
  return wait ?? screen ?? "";
}

function powerOff({ entries }: Recording): number | undefined {
  return entries.findLast((entry) => entry.kind === "off" && entry.isPowerOff)?.time;
}
