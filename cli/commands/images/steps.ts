import { Command, InvalidArgumentError } from "commander";
import { readSessionLog } from "../../../core/session-record/session-log-reader.ts";
import { findPaths, sessionPaths } from "../../../core/storage/paths.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import {
  type InstallState,
  type InstallStepState,
  isInstallEvent,
  reduceInstall,
} from "../../../shared/recipe/install-state.ts";
import { describeStep, type InstallStep } from "../../../shared/recipe/install-step.ts";
import { parseStep } from "../../../shared/recipe/parse-step.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import { options } from "../../support/options.ts";
import { print, printList } from "../../support/print.ts";
import { runAttached } from "../guest/attached.ts";

interface Options {
  readonly session?: string;
  readonly json?: boolean;
}

const help = `
The steps are counted from 1. A change is also written into the recipe or steps file that has the step.

Examples:
  $ tinsmith steps list
  $ tinsmith steps change 3 '{wait: {match: "[Ll]ogin:"}}'
  $ tinsmith steps from 3`;

const acts = {
  pause: "Pause before the next step.",
  run: "Do the steps one after another. A wait that has failed begins again.",
  next: "Do the next step alone.",
  "give-up": "Let the build fail because of the wait that has failed.",
} as const;

const done: Readonly<Record<keyof typeof acts, string>> = {
  pause: "The steps pause before the next one.",
  run: "The steps run.",
  next: "The next step is done, then the steps pause.",
  "give-up": "The build fails.",
};

/** `tinsmith steps`. */
export function stepsCommand(): Command {
  const command = new Command("steps").description("Control the install steps of a build that runs.");
  command
    .command("list")
    .description("List the steps, and how each has ended.")
    .addOption(options.session())
    .option("--json", "print the steps as JSON, one a line")
    .action(({ json, ...session }: Options) =>
      runAttached(session, async ({ description }) => {
        const install = await readSteps(sessionPaths(findPaths(), description.id).events);
        const steps = (install?.steps ?? []).map((step, index) => ({ number: index + 1, ...step }));
        printList(steps, {
          json,
          describe: describe(install),
          none: "The build has no install steps, or has not begun them.",
        });
        return undefined;
      }),
    );
  for (const [name, text] of Object.entries(acts))
    command
      .command(name)
      .description(text)
      .addOption(options.session())
      .action((session: Options) =>
        runAttached(session, async ({ api: { install } }, signal) => {
          const { pause, run, step, giveUp } = install;
          await { pause, run, next: step, "give-up": giveUp }[name as keyof typeof acts](undefined, {
            signal,
          });
          print(`${done[name as keyof typeof acts]}\n`);
          return undefined;
        }),
      );
  command
    .command("from")
    .description("Do the steps from this one on.")
    .argument("<NUMBER>", "the number of the step", numberOfStep)
    .addOption(options.session())
    .action((number: number, session: Options) =>
      runAttached(session, async ({ api }, signal) => {
        await api.install.runFrom({ index: number - 1 }, { signal });
        print(`The steps run from step ${number} on.\n`);
        return undefined;
      }),
    );
  command
    .command("change")
    .description("Change a step that is not being done, also in the recipe or steps file that has it.")
    .argument("<NUMBER>", "the number of the step", numberOfStep)
    .argument("<STEP>", "the step as in a recipe, such as {wait: TEXT}")
    .addOption(options.session())
    .action((number: number, text: string, session: Options) =>
      runAttached(session, async ({ api }, signal) => {
        await api.install.change({ index: number - 1, step: requireStep(text) }, { signal });
        print(`Step ${number} is changed, also in the recipe or steps file that has it.\n`);
        return undefined;
      }),
    );
  return command.addHelpText("after", help);
}

function numberOfStep(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError("It must be the number of a step, from 1 on.");
  return number;
}

function requireStep(text: string): InstallStep {
  const { step, issues } = parseStep(text);
  if (step) return step;
  throw new AppError({
    code: "usage",
    message: `${JSON.stringify(text)} is not an install step`,
    advice: "Write it as in a recipe, such as '{wait: \"login:\"}' or '{type: root}'.",
    details: issues,
  });
}

async function readSteps(events: string): Promise<InstallState | undefined> {
  let state: InstallState | undefined;
  for await (const batch of readSessionLog(events))
    for (const event of batch) if (isInstallEvent(event)) state = reduceInstall(state, event);
  return state;
}

function describe(install: InstallState | undefined) {
  return (one: InstallStepState & { readonly number: number }): string => {
    const { kind, text } = describeStep(one.step);
    const { number, started, finished, error } = one;
    const isNext = install?.next === number - 1;
    const time = started !== undefined && finished !== undefined ? formatDuration(finished - started) : "";
    const how = error ? "failed" : time || (started === undefined ? "" : "being done");
    return `${isNext ? ">" : " "} ${`${number}`.padStart(3)}  ${kind.padEnd(10)}  ${stripControls(text)}${how && `  (${how})`}`;
  };
}
