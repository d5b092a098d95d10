import type { InstallOptions } from "../../../shared/contracts/app-contract.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { describeUpToDate } from "../../../shared/library/describe-changes.ts";
import type { ImageKind, ImageSet } from "../../../shared/library/library.ts";
import type { UpToDateArchive } from "../../../shared/session/build.ts";
import { app } from "../../client/api-client.ts";
import { sessions } from "../connection/app-state.ts";
import { showLog, showPart, showSession } from "../layout/session-panels.ts";
import { openDialog } from "../messages/dialogs.ts";
import { sayError, sayOffer } from "../messages/notices.ts";
import { requestedBuilds } from "./build-obstacle.ts";

/**
 * The archives whose builds this window has asked for, and has not seen the beginning of; with the session that is shown
 * for it already.
 */
const wanted = new Map<string, string | undefined>();

interface BuildOptions {
  /** The failed session to resume, where that is sound. */
  readonly retry?: string | undefined;
  /** Applies the rules of the image set's rules.yaml. */
  readonly withRules?: boolean;
  /** Builds also an image that is up to date. */
  readonly force?: boolean | undefined;
  /** The digest of a setup image that was not made here, and that the person has accepted. */
  readonly accepted?: string | undefined;
  /** Values of secrets of the install steps. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
}

/**
 * Starts a build and shows it, or says that the image is up to date. A worker image's setup image may have to be built first, in a session of its own: then
 * the worker's is shown when it begins.
 *
 * @throws AppError the reason why it can't start
 */
export async function buildImage(set: ImageSet, image: ImageKind, options: BuildOptions): Promise<void> {
  const { path } = set[image];
  // A double click asks twice.
  if (requestedBuilds.getState().outputs.includes(path)) return;
  try {
    wanted.set(path, undefined);
    requestedBuilds.setState(({ outputs }) => ({ outputs: [...outputs, path] }));
    const started = await app().builds.start({ folder: set.folder, image, ...options });
    if ("upToDate" in started) {
      wanted.delete(path);
      return sayUpToDate(set, image, started.upToDate);
    }
    const { session } = started;
    if (wanted.has(path)) wanted.set(path, session);
    showSession({ id: session, kind: "build" });
  } catch (error) {
    wanted.delete(path);
    throw error;
  } finally {
    requestedBuilds.setState(({ outputs }) => ({ outputs: outputs.filter((one) => one !== path) }));
  }
}

/** How long a person can choose to build an image that is up to date, in milliseconds. */
const offerMilliseconds = 15_000;

function sayUpToDate(set: ImageSet, image: ImageKind, upToDate: UpToDateArchive): void {
  const subject = `The ${image} image of ${set.name} is ${describeUpToDate(upToDate, Date.now())}.`;
  sayOffer(subject, {
    label: "Build anyway",
    run: () => void startBuild(set, image, { force: true }),
    milliseconds: offerMilliseconds,
  });
}

/**
 * Starts a build as `buildImage` does. If the setup image was not made here, or the install steps type secrets, a dialog asks the
 * person first. Other errors are shown in a toast.
 */
export async function startBuild(
  set: ImageSet,
  image: ImageKind,
  { retry, force }: Pick<BuildOptions, "retry" | "force"> = {},
): Promise<void> {
  try {
    await buildImage(set, image, { retry, force });
  } catch (error) {
    const { code, details } = toAppError(error);
    if (code === "not-trusted") openDialog({ name: "rebuild", set, retry, force });
    else if (code === "secrets-missing")
      askForSecrets(set, `Rebuild ${image}`, details, (secrets) =>
        buildImage(set, image, { retry, force, secrets }),
      );
    else sayError(error);
  }
}

function askForSecrets(
  set: ImageSet,
  action: string,
  secrets: readonly string[],
  start: (secrets: Readonly<Record<string, string>>) => Promise<void>,
): void {
  openDialog({ name: "secrets", set, action, secrets, start });
}

type InstallChoices = Omit<InstallOptions, "folder">;

/**
 * Boots an ISO for the person, or the steps, that install a set's setup image, and shows it. If the steps type secrets, a dialog asks the
 * person first.
 *
 * @throws AppError the reason why it can't start
 */
export async function startInstall(set: ImageSet, choices: InstallChoices): Promise<void> {
  try {
    await install(set, choices);
  } catch (error) {
    const { code, details } = toAppError(error);
    if (code !== "secrets-missing") throw error;
    askForSecrets(set, "Install setup image", details, (secrets) => install(set, { ...choices, secrets }));
  }
}

async function install(set: ImageSet, choices: InstallChoices): Promise<void> {
  const { session } = await app().builds.install({ ...choices, folder: set.folder });
  showSession({ id: session, kind: "build" });
  showPart({ session, kind: "screen" });
}

/** Shows the builds that this window has asked for as they begin. */
export function showWantedBuilds(): () => void {
  return sessions.subscribe(({ value = [] }) => {
    const begun = value.find(({ output, status }) => status === "running" && output && wanted.has(output));
    if (!begun?.output) return;
    // It is in front already, or was until the person has chosen something else.
    if (wanted.get(begun.output) !== begun.id) showSession(begun);
    wanted.delete(begun.output);
  });
}

/** Brings a session that asks the person something to the front, once each time. */
export function showQuestions(): () => void {
  const asking = new Set<string>();
  return sessions.subscribe(({ value = [] }) => {
    for (const { id, asks } of value) {
      if (asks && !asking.has(id)) showLog(id, "build");
      if (asks) asking.add(id);
      else asking.delete(id);
    }
  });
}
