import { createStore, type StoreApi } from "zustand/vanilla";
import type { RuleState } from "../../../shared/rules/rule-list.ts";
import { sessionClient } from "../../client/api-client.ts";
import { sayError } from "../messages/notices.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";
import { type BreakChoice, breakRule } from "./break-rule.ts";

/** The rules of a session; undefined before they were read. */
interface KnownRules {
  readonly rules: readonly RuleState[] | undefined;
}

const known = createSessionMemory(() => createStore<KnownRules>(() => ({ rules: undefined })));

export function sessionRules(session: string): StoreApi<KnownRules> {
  return known.of(session);
}

/** Reads the rules of a running session with their use. */
export async function loadRules(session: string): Promise<void> {
  try {
    const { rules } = await sessionClient(session).rules.list();
    sessionRules(session).setState({ rules });
  } catch {
    // The session has ended, or the connection is lost, after which they are read again.
  }
}

/** Adds a breakpoint. @returns whether it was added */
export async function addBreakpoint(session: string, choice: BreakChoice): Promise<boolean> {
  const taken = (sessionRules(session).getState().rules ?? []).map(({ rule }) => rule.name);
  try {
    await sessionClient(session).rules.add({ rules: [breakRule(choice, taken)] });
    await loadRules(session);
    return true;
  } catch (error) {
    sayError(error);
    return false;
  }
}

/** Removes a rule, which releases the messages that it holds. */
export async function removeRule(session: string, name: string): Promise<void> {
  try {
    await sessionClient(session).rules.remove({ name });
    await loadRules(session);
  } catch (error) {
    sayError(error);
  }
}

/** Lets a used-up rule apply again; it keeps the messages that it holds. */
export async function armRule(session: string, name: string): Promise<void> {
  try {
    await sessionClient(session).rules.arm({ name });
    await loadRules(session);
  } catch (error) {
    sayError(error);
  }
}
