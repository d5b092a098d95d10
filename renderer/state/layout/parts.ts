import type { SessionKind } from "../../../shared/session/session-kind.ts";

/** The parts of a session's tab; `build`, `run` and `watch` are the logs of their kinds. */
export type PartKind =
  | "build"
  | "run"
  | "watch"
  | "serial"
  | "screen"
  | "exchanges"
  | "files"
  | "breakpoints"
  | "replay"
  | "shell";

/** One part of one session. */
export interface Part {
  readonly session: string;
  readonly kind: PartKind;
  /** Tells apart the shells of a session. */
  readonly instance?: string;
  /** Its name, when its kind's does not do. */
  readonly title?: string;
}

const titles: Readonly<Record<PartKind, string>> = {
  build: "Log",
  run: "Log",
  watch: "Rounds",
  serial: "Serial",
  screen: "Screen",
  exchanges: "Action log",
  files: "Files",
  breakpoints: "Breakpoints",
  replay: "Replay",
  shell: "Shell",
};

/** The parts that a session of each kind always has, in the order of their tabs; the first one shows its progress. */
const partsOfKinds: Readonly<Record<SessionKind, readonly [PartKind, ...PartKind[]]>> = {
  build: ["build", "serial", "screen"],
  run: ["run", "serial", "screen", "files", "exchanges"],
  meta: ["run", "files", "exchanges"],
  watch: ["watch"],
};

export function partsOf(kind: SessionKind): readonly [PartKind, ...PartKind[]] {
  return partsOfKinds[kind];
}

export function isPartKind(name: string): name is PartKind {
  return name in titles;
}

export function partTitle({ kind, title }: Pick<Part, "kind" | "title">): string {
  return title ?? titles[kind];
}

/** Tells a part from all others of this window; it is the name of its panel, too, when it is pulled out. */
export function partId({ kind, session, instance }: Part): string {
  return [kind, session, ...(instance ? [instance] : [])].join(":");
}

/** Tells a part from the others of its session: the name of its panel in the session's tab. */
export function placeInSession({ kind, instance }: Pick<Part, "kind" | "instance">): string {
  return instance ? `${kind}:${instance}` : kind;
}
