import type { RulesPlan } from "../../shared/contracts/plan.ts";
import type { BuildInput, BuildInputKind } from "../../shared/library/library.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import type { BuildEvent, BuildResult } from "../../shared/session/build.ts";
import type { ManifestFacts } from "../manifest/manifest-file.ts";
import type { CommandRunner } from "../process/run-command.ts";
import type { CdRoms } from "../qemu/arguments/qemu-arguments.ts";
import type { PersonalTerminal } from "../session/host-terminal/typed-input.ts";
import type { SessionPart } from "../session/serve/served-session.ts";
import type { Paths } from "../storage/paths.ts";
import type { BuildSource } from "./build-source.ts";
import type { BuildReport } from "./build-step.ts";
import type { SetupChoices } from "./inputs/setup-choices.ts";
import type { WatchedInputs } from "./inputs/watched-inputs.ts";
import type { GuestOptions } from "./run-guest.ts";

/** The context that `prepare` works with. */
export interface Preparation {
  /**
   * An existing folder for files that the build makes, deleted when the build ends. Files already in it need not be
   * made again.
   */
  readonly folder: string;
  readonly report: BuildReport;
  /** Runs commands of the host's on the session's terminal. */
  readonly run: CommandRunner;
  /** The build's inputs, as they were read when it began. */
  readonly inputs: readonly BuildInput[];
  /** Finds out whether inputs have changed since the build started; see `WatchedInputs`. */
  readonly checkInputs: () => Promise<void>;
  /** Adds an input that the preparation has made. */
  readonly addInput: (read: () => Promise<BuildInput>) => Promise<BuildInput>;
  /** Takes what must stay as long as the guest uses it. */
  readonly held: DisposableStack;
  readonly signal: AbortSignal;
}

/** The inputs and settings of one image's build. */
export interface BuildPlan extends GuestOptions {
  /** The title of the build for people. */
  readonly title: string;
  /** The archive to write; its name's ending chooses the compression. */
  readonly output: string;
  readonly source: BuildSource;
  /** The build's inputs. */
  readonly inputs?: WatchedInputs;
  /** Whether the inputs are all: then a failed build from the same can be tried again from where it failed. */
  readonly hasAllInputs?: boolean;
  /** The kinds of inputs that the guest reads while it runs. */
  readonly guestInputs?: readonly BuildInputKind[];
  /** The choices that a person made for this build: a retry makes the same ones. */
  readonly choices?: SetupChoices;
  /** The failed session to resume from, where that is sound. */
  readonly retry?: string | undefined;
  /** A person works in the guest, and is asked what to do each time that it is off. */
  readonly byHand?: boolean;
  /** When the build fails, its guest is left running until a person ends it. */
  readonly keepFailed?: boolean | undefined;
  /** The digests of images that a person has accepted; see `requireTrusted`. */
  readonly trusted?: readonly string[] | undefined;
  /** The rules for the messages between the guest and the MetaService. */
  readonly rules?: RulesPlan;
  /** The archive is replaced even if the session has had rules. */
  readonly replacesUnderRules?: boolean | undefined;
  /** Tells the facts about the build for the manifest, with the rules that the session has had. */
  readonly facts?: (rules: readonly Rule[]) => ManifestFacts | Promise<ManifestFacts>;
  /** Called when the archive is in its place, before the session tells that, with the rules that the session has had. */
  readonly onBuilt?: (result: BuildResult, rules: readonly Rule[]) => void;
  /** The recipe's setup.sh, if the guest may continue from a saved state in which it waits for the data CD. */
  readonly warmScript?: string | undefined;
  /** Whether the CDs are made before the disk: they may show that nothing is to be built. Otherwise QEMU starts meanwhile. */
  readonly preparesFirst?: boolean;
  /** Makes the guest's CDs. */
  readonly prepare: (preparation: Preparation) => Promise<CdRoms>;
}

export interface BuildContext {
  /** The terminal of a person who can answer the host's commands, such as this process's own. */
  readonly input?: PersonalTerminal | undefined;
  readonly paths: Paths;
  readonly signal: AbortSignal;
  /** The part of a watch that the build is. */
  readonly part?: SessionPart | undefined;
  readonly onEvent: (event: BuildEvent) => void;
}
