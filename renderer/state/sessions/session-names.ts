import type { DockviewApi } from "dockview-react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { nameOf } from "../../../shared/session/session-name.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";
import { fileName } from "../files/file-name.ts";
import { sessionsOf } from "../layout/panels.ts";
import { findSession } from "./find-session.ts";

type Named = Pick<SessionSummary, "id" | "title" | "command" | "image">;

/** A name that no other open session has. */
export interface GivenName {
  readonly id: string;
  /** With the image set where sessions with the same command differ in that. */
  readonly name: string;
  /** From 1, which is not shown. */
  readonly number: number;
}

/** Gives names to open sessions, in the order in which they were opened; a number, once given, stays. */
export function giveNames(open: readonly Named[], before: readonly GivenName[]): readonly GivenName[] {
  const given: GivenName[] = [];
  const names = open.map((session) => ({ id: session.id, name: nameAmong(session, open) }));
  const keeps = names.map(({ id, name }) => before.find((one) => one.id === id && one.name === name));
  for (const [index, { id, name }] of names.entries()) {
    const taken = [...given, ...keeps].filter((one) => one?.name === name && one.id !== id);
    const free = taken.length + 1;
    const numbers = Array.from({ length: free }, (_, count) => count + 1);
    const number =
      keeps[index]?.number ?? numbers.find((one) => !taken.some((other) => other?.number === one));
    given.push({ id, name, number: number ?? free });
  }
  return given;
}

function nameAmong(session: Named, open: readonly Named[]): string {
  const name = nameOf(session);
  const isUnclear = open.some((other) => nameOf(other) === name && other.image !== session.image);
  return isUnclear && session.image ? `${name} (${imageName(session.image)})` : name;
}

function imageName(path: string): string {
  return fileName(path).replace(/(-worker)?\.tar\.(lz4|zst)$/, "");
}

const names = createStore<{ readonly given: readonly GivenName[] }>(() => ({ given: [] }));

/** Keeps the names of the sessions that are open in the dock. */
export function nameSessions(dock: DockviewApi): void {
  const name = () => {
    const ids = new Set(dock.panels.flatMap(({ params }) => sessionsOf(params)));
    const before = names.getState().given;
    // Open sessions come first, in their old order, since a moved panel is not a new one.
    const order = [...before.map(({ id }) => id).filter((id) => ids.has(id)), ...ids];
    const open = [...new Set(order)].flatMap((id) => findSession(id) ?? []);
    const given = giveNames(open, before);
    if (JSON.stringify(given) !== JSON.stringify(before)) names.setState({ given });
  };
  dock.onDidAddPanel(name);
  dock.onDidRemovePanel(name);
  sessions.subscribe(name);
  name();
}

/** Whether a session has a tab or a part in this window. */
export function useIsOpen(id: string): boolean {
  return useStore(names, ({ given }) => given.some((one) => one.id === id));
}

/** The name of a session in this window; undefined while it is not in the list of sessions. */
export function useSessionName(id: string | undefined): string | undefined {
  const given = useStore(names, (state) => state.given.find((one) => one.id === id));
  const session = useStore(sessions, ({ value }) => value?.find((one) => one.id === id));
  if (given) return given.number > 1 ? `${given.name} ${given.number}` : given.name;
  return session && nameOf(session);
}
